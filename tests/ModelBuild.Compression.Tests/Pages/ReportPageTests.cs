using System.Text.RegularExpressions;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>Tests the report page of given receipts.</summary>
public sealed partial class ReportPageTests
{
    private static readonly Snapshots _snapshots = new("tests/ModelBuild.Compression.Tests/Pages/Expected");

    private static readonly Dictionary<string, Receipt> _cases = new()
    {
        ["full"] = SampleReceipts.Full(),
        ["synthetic"] = SampleReceipts.Synthetic(),
        ["original"] = SampleReceipts.Original(),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_page_is_the_expected_one(string name) => _snapshots.Matches($"{name}.html", HtmlReport.Render(_cases[name]));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_receipt_that_was_written_and_read_gives_the_same_page(string name) =>
        Assert.Equal(HtmlReport.Render(_cases[name]), HtmlReport.Render(JsonText.TryRead<Receipt>(JsonText.Of(_cases[name]))!));

    [Fact]
    public void The_sections_answer_the_questions_in_order()
    {
        var page = HtmlReport.Render(SampleReceipts.Full());

        Assert.Equal(
            ["Is my model still right?", "What got smaller?", "What got faster?", "Which layers cost most?", "What should I do?", "How was it made?"],
            Headings().Matches(page).Select(match => match.Groups[1].Value)
        );
    }

    [Fact]
    public void No_name_is_markup()
    {
        var page = HtmlReport.Render(SampleReceipts.Full(name: SampleReceipts.Hostile));

        Assert.DoesNotContain("<b onclick", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b onclick=&quot;alert(1)&quot;&gt;&#39;&amp;", page, StringComparison.Ordinal);
        Assert.Single(Scripts().Matches(page));
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_rounds_to_zero_has_no_sign()
    {
        var page = HtmlReport.Render(SampleReceipts.Full());

        Assert.Contains(">0.0 dB<", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[-−+]+0\.0+(?![0-9])", page);
    }

    [Fact]
    public void A_long_recipe_has_its_text_behind_a_short_name() =>
        Assert.Contains(
            "<summary><code>optimize int8(…) gptq(damping=0.01)</code></summary><code>optimize int8(calibration=min-max, ",
            HtmlReport.Render(SampleReceipts.Full()),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_page_without_figures_of_layers_has_the_other_sections() =>
        Assert.Equal(5, Headings().Count(HtmlReport.Render(SampleReceipts.Full() with { Inspection = null })));

    [Fact]
    public void Charts_have_titles_and_tables()
    {
        var page = HtmlReport.Render(SampleReceipts.Full());

        var charts = Regex.Count(page, "<svg ");
        Assert.Equal(5, charts);
        Assert.Equal(charts, Regex.Count(page, "<svg [^>]*role=\"img\">\n<title>[^<]+</title>"));
        Assert.Contains("The 5 results as a table", page, StringComparison.Ordinal);
        Assert.Contains("The 3 layers as a table", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<h2>([^<]+)</h2>")]
    private static partial Regex Headings();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();
}
