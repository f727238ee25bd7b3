"""What an incident taught: an analyst writes it, it is found to be rare, is told in general, a second analyst
publishes it, the public finds it by search, and an employer sees it beside its form. Every page on the way
against WCAG 2.2 AA, wide and narrow."""

from playwright.sync_api import Page, expect

from notifications.learning.models import LearningCase, PublishedLearning
from regulator.accounts.roles import Role
from tests.factories import Cast, EmployerFactory, notification_in, staff
from tests.journeys.conftest import Look, OpenPage, Screenshot
from tests.journeys.stage import WITH_AND_WITHOUT
from tests.journeys.test_correspondence import press
from tests.notifications.learning.told import TEXTS

EMPLOYER = "Fennelwick Imaging Partnership (invented)"
TITLE = "Two lists were open at once"
LABELS = {
    "Title": TITLE,
    "What in the system let it happen?": TEXTS["system"],
    "What happened?": TEXTS["what_happened"],
    "Which actions were taken?": TEXTS["actions"],
    "What can others learn?": TEXTS["learning"],
}


def deed(page: Page, label: str) -> None:
    main = page.get_by_role("main")
    main.get_by_role("link", name=label, exact=True).or_(
        main.get_by_role("button", name=label, exact=True)
    ).first.click()


@WITH_AND_WITHOUT
def test_it_is_written_told_in_general_published_and_found(
    scripts: bool,
    reference_data: None,
    new_page: OpenPage,
    look: Look,
    screenshot: Screenshot,
    screenshot_narrow: Screenshot,
) -> None:
    for _ in range(5):
        notification_in("closed")
    employer = EmployerFactory.create(name=EMPLOYER)
    made = notification_in("closed", cast=Cast(employer), equipment_type="CT scanner, room 4")
    writer, second = staff(Role.ANALYST), staff(Role.ANALYST)

    def seen(page: Page, name: str) -> None:
        if scripts:  # axe waits for ever in a page that runs none
            look(page, name)
        screenshot(page, name)
        screenshot_narrow(page, name)

    desk = new_page(scripts=scripts, user=writer)
    main = desk.get_by_role("main")
    desk.goto(f"/desk/casework/case/{made.pk}/")
    deed(desk, "Write a learning case")
    for label, text in LABELS.items():
        desk.get_by_label(label, exact=True).fill(text)
    desk.get_by_label("What happened?", exact=True).fill(f"At Fennelwick: {TEXTS['what_happened']}")
    expect(desk.get_by_label("Equipment", exact=True)).to_have_value("ct_scanner")
    seen(desk, "writing")
    press(desk, "Write a learning case")
    expect(main).to_contain_text("Draft. Written by")
    seen(desk, "written")

    deed(desk, "What it says, and what the checks found")
    expect(main).to_contain_text("The combination of what is told is rare: only 1 in all, fewer than 5")
    expect(main).to_contain_text("Enough would be: leave out the equipment (CT scanner)")
    expect(main).to_contain_text("a word of the employer’s or a site’s name (“Fennelwick”)")
    seen(desk, "doubted")
    desk.goto(f"/desk/casework/case/{made.pk}/")
    deed(desk, "Propose the learning case")
    press(desk, "Propose the learning case")
    expect(main).to_contain_text("Write it more generally, or say why it identifies no site.")
    seen(desk, "refused")

    desk.goto(f"/desk/casework/case/{made.pk}/")
    deed(desk, "Write a learning case")
    desk.get_by_label("What happened?", exact=True).fill(TEXTS["what_happened"])
    desk.get_by_label("Equipment", exact=True).select_option("Not told")
    press(desk, "Write a learning case")
    deed(desk, "Propose the learning case")
    expect(main).to_contain_text("Nothing was found that needs one")
    press(desk, "Propose the learning case")
    expect(main).to_contain_text("Waits for a second person")
    assert LearningCase.objects.get().doubts == {}

    theirs = new_page(scripts=scripts, user=second)
    theirs.goto("/desk/")
    theirs.locator('a[href*="learning_to_approve"]').click()
    theirs.get_by_role("link", name=str(made.case.reference)).first.click()
    deed(theirs, "Publish the learning case")
    theirs.get_by_label("I have read it as the public will read it").check()
    seen(theirs, "approving")
    press(theirs, "Publish the learning case")
    expect(theirs.get_by_role("main")).to_contain_text("Published. Written by")
    theirs.goto("/desk/learning/learningcase/")
    expect(theirs.get_by_role("main")).to_contain_text(TITLE)
    seen(theirs, "overview")

    public = new_page(scripts=scripts)
    public.goto("/learning/")
    public.get_by_role("textbox", name="Search learning").fill("open list attention")
    press(public, "Search")
    expect(public.get_by_role("heading", name="1 learning case")).to_be_visible()
    seen(public, "found")
    public.get_by_role("link", name=TITLE).click()
    expect(public.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(public.locator("body")).not_to_contain_text("ennelwick")
    seen(public, "public")

    cast = Cast()
    draft = notification_in("draft", cast=cast)
    form = new_page(scripts=scripts, user=cast.reporter)
    form.goto(f"/notifications/draft/{draft.pk}/circumstances/")
    entry = PublishedLearning.objects.get()
    link = form.get_by_role("complementary", name="Others reported…").get_by_role("link")
    expect(link).to_have_text(f"{TITLE} (opens in a new tab)")
    expect(link).to_have_attribute("href", entry.get_absolute_url())
    seen(form, "beside")
