using System.Reflection;
using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>Tests that the register of diagnostics, docs/diagnostics.md, the code and the tests name the same codes.</summary>
public sealed partial class DiagnosticTableTests
{
    private const string Page = "docs/diagnostics.md";

    private static readonly string[] _constants =
    [
        .. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
    ];

    private static readonly Lazy<string[]> _sources = new(() =>
        Texts(Files("src").Where(path => !path.Contains("/ModelBuild.Protocol/Diagnostics/", StringComparison.Ordinal)))
    );

    private static readonly Lazy<string[]> _tests = new(() =>
        Texts(Files("tests").Where(path => !path.EndsWith($"{nameof(DiagnosticTableTests)}.cs", StringComparison.Ordinal)))
    );

    public static TheoryData<string> All => [.. DiagnosticRules.All.Select(rule => rule.Code)];

    [Fact]
    public void Every_constant_has_a_rule_and_every_rule_a_row()
    {
        var rules = DiagnosticRules.All.Select(rule => rule.Code).ToArray();

        Assert.Equal(rules.Order(StringComparer.Ordinal), rules);
        Assert.Equal(_constants.Order(StringComparer.Ordinal), rules);
        Assert.Equal(rules, Pages.FirstCells(Page, "| code |").Select(cell => Anchor().Replace(cell, "")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_row_has_the_anchor_the_severities_and_the_title(string code)
    {
        var rule = DiagnosticRules.All.Single(rule => rule.Code == code);
        var cells = Assert
            .Single(Pages.Read(Page).Split('\n'), line => line.StartsWith($"| <a id=\"{code.ToLowerInvariant()}\"></a>{code} |", StringComparison.Ordinal))
            .Split('|');

        var severities = cells[2].Trim().Split(", ").Aggregate(Severities.None, (all, word) => all | Enum.Parse<Severities>(word, ignoreCase: true));
        Assert.Equal(rule.Severities, severities);
        Assert.StartsWith(rule.Title, cells[3].Trim().Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(cells[4].Trim());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_code_is_raised_and_tested(string code)
    {
        var name = typeof(Codes).GetFields().Single(field => (string)field.GetRawConstantValue()! == code).Name;

        Assert.Contains(_sources.Value, text => Regex.IsMatch(text, $@"\bCodes\.{name}\b"));
        Assert.Contains(_tests.Value, text => Regex.IsMatch(text, $@"\bCodes\.{name}\b|\b{code}\b"));
    }

    [Fact]
    public void Sources_name_codes_by_their_constants() =>
        Assert.All(
            Files("src").Where(path => !path.EndsWith("/Diagnostics/Codes.cs", StringComparison.Ordinal)),
            path => Assert.DoesNotMatch(Literal(), File.ReadAllText(path))
        );

    [Fact]
    public void A_help_link_leads_to_the_row()
    {
        Assert.Equal("https://example.org/v1/docs/diagnostics.md#mb1001", DiagnosticRules.HelpLink(Codes.ModelMissing, "https://example.org/v1"));
        Assert.Equal("https://example.org/v1/docs/diagnostics.md#mb2008", DiagnosticRules.HelpLink(Codes.ReservedName, "https://example.org/v1/"));
        Assert.Null(DiagnosticRules.HelpLink(Codes.ModelMissing, ""));
    }

    private static string[] Texts(IEnumerable<string> paths) => [.. paths.Select(File.ReadAllText)];

    private static string[] Files(string folder) =>
        [.. SourceFiles.Under(folder).Select(file => Path.Combine(Corpus.Repository, folder, file).Replace('\\', '/'))];

    [GeneratedRegex("^<a id=\"mb[0-9]{4}\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("\"MB[0-9]{4}\"")]
    private static partial Regex Literal();
}
