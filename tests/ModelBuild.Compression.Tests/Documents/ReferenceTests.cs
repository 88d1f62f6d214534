using System.Text.RegularExpressions;
using ModelBuild.Compression.Recipes;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>The tables of the documents and the code name the same codes, steps and options.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public void Every_code_has_a_row_and_every_row_a_code()
    {
        var written = Directory
            .EnumerateFiles(Path.Combine(Corpus.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => Code().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(written, Pages.FirstCells("docs/diagnostics.md", "| code |"));
    }

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

    // The options of fix-dimensions are names of the model's own dimensions.
    public static TheoryData<string, string> Options =>
        [.. StepCatalog.Steps.Where(step => step.Name != "fix-dimensions").SelectMany(step => step.Options.Select(option => (step.Name, option.Name)))];

    [Fact]
    public void Every_knob_of_an_item_has_a_row()
    {
        var targets = File.ReadAllText(Path.Combine(Corpus.Repository, "build/ModelBuild.targets"));
        var rows = string.Join('\n', Pages.FirstCells("README.md", "| metadata |"));
        Assert.All(Default().Matches(targets), knob => Assert.Contains($"`{knob.Groups[1].Value}`", rows, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(MB[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Name();

    // Not the folder of the cache, which is one for all. Written as <Compression>$(ModelBuildCompression)</Compression>, of the properties that stand for metadata of the same name.
    [GeneratedRegex(@"<((?!CacheDirectory)\w+)>\$\(ModelBuild\1\)</\1>")]
    private static partial Regex Default();
}
