using System.Text.RegularExpressions;
using ModelBuild.Compression.Recipes;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>Tests that the tables of the documents and the code name the same steps, options and providers.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public void Every_step_has_a_row()
    {
        var rows = Pages.FirstCells("docs/steps.md", "| step |").SelectMany(cell => Name().Matches(cell)).Select(match => match.Groups[1].Value);
        Assert.Equal(StepCatalog.Steps.Select(step => step.Name).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_is_written(string step, string option)
    {
        var pages = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Corpus.Repository, "docs"), "*.md").Select(File.ReadAllText));
        Assert.True(Regex.IsMatch(pages, $@"(`|\(|, ){Regex.Escape(option)}(=|`)"), $"The option '{option}' of the step '{step}' is in no document.");
    }

    // The step fix-dimensions is left out, because the names of its options are the names of the model's own dimensions.
    public static TheoryData<string, string> Options =>
        [.. StepCatalog.Steps.Where(step => step.Name != "fix-dimensions").SelectMany(step => step.Options.Select(option => (step.Name, option.Name)))];

    [Fact]
    public void Every_provider_has_a_row()
    {
        var rows = Pages.FirstCells("docs/providers.md", "| name |").SelectMany(cell => Name().Matches(cell)).Select(match => match.Groups[1].Value);
        Assert.Equal(ProviderNames.All.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Name();
}
