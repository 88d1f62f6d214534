using System.Text.RegularExpressions;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Cli.Tests;

/// <summary>Each row of the table of silent successes in docs/troubleshooting.md is held by a run or by a test that it names.</summary>
public sealed partial class SilenceTests
{
    private static readonly string[] _rows = [.. Table().Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];

    public static TheoryData<string, string, string[]> Runs =>
        [
            .. _rows
                .Select(row => (Row: row, Run: RunName().Match(row)))
                .Where(row => row.Run.Success)
                .Select(row => (row.Run.Groups["name"].Value, Code(row.Row), Messages(row.Row))),
        ];

    public static TheoryData<string, string, string> Tests =>
        [
            .. _rows
                .Select(row => (Row: row, Test: TestName().Match(row)))
                .Where(row => row.Test.Success)
                .Select(row => (row.Test.Groups["class"].Value, row.Test.Groups["method"].Value, Code(row.Row))),
        ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_row_is_what_the_program_says(string name, string code, string[] messages)
    {
        using var folder = new TemporaryFolder();
        var said = SilenceCases.Run(name, folder);
        Assert.True(Regex.IsMatch(said, $" : (error|warning) {code}: "), said);
        Assert.All(messages, message => Assert.Contains(message, said, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_row_names_a_test_that_looks_at_its_code(string type, string method, string code)
    {
        var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(Corpus.Repository, "tests"), $"{type}.cs", SearchOption.AllDirectories));
        var text = File.ReadAllText(file);
        Assert.Matches($@"\[(Fact|Theory)\][^{{}}]*public (async Task|void) {method}\(", text);
        var codes = File.ReadAllText(Path.Combine(Corpus.Repository, "src/ModelBuild.Protocol/Diagnostics/Codes.cs"));
        var constant = Regex.Match(codes, $@"(\w+) = ""{code}""").Groups[1].Value;
        Assert.Matches(constant.Length > 0 ? $@"{code}|Codes\.{constant}\b" : code, text);
    }

    [Fact]
    public void Each_row_is_held_and_each_run_is_a_row()
    {
        Assert.Equal(_rows.Length, Runs.Count + Tests.Count);
        Assert.Equal(SilenceCases.Names.Order(StringComparer.Ordinal), Runs.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    // The code is the first word of the second column. The texts of the messages are in backquotes.
    private static string Code(string row) => row.Split('|')[2].Trim().Split(' ')[0];

    private static string[] Messages(string row) => [.. Quoted().Matches(row.Split('|')[2]).Select(match => match.Groups["text"].Value)];

    private static string Table()
    {
        var text = File.ReadAllText(Path.Combine(Corpus.Repository, "docs/troubleshooting.md")).ReplaceLineEndings("\n");
        var section = text[text.IndexOf("## Settings without the expected effect", StringComparison.Ordinal)..];
        return section.IndexOf("\n## ", StringComparison.Ordinal) is > 0 and var end ? section[..end] : section;
    }

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("<!-- run: (?<name>[a-z-]+) -->")]
    private static partial Regex RunName();

    [GeneratedRegex(@"<!-- test: (?<class>\w+)\.(?<method>\w+) -->")]
    private static partial Regex TestName();
}
