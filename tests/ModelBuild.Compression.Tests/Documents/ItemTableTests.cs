using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>Tests that the table of item metadata, README, and the files that a project imports name the same metadata with the same defaults.</summary>
public sealed partial class ItemTableTests
{
    // The names are properties of ModelBuild that are in the item of defaults and are not metadata.
    private static readonly string[] _projectOnly =
    [
        "ModelBuildTarget",
        "ModelBuildCacheDirectory",
        "ModelBuildCacheSize",
        "ModelBuildRemoteCache",
        "ModelBuildRemoteCachePush",
        "ModelBuildRemoteCacheVerify",
        "ModelBuildTrain",
    ];

    public static TheoryData<string> All => [.. ItemMetadata.AllNames];

    [Fact]
    public void README_has_a_row_for_each_in_the_order_of_the_table()
    {
        var rows = Pages.FirstCells("README.md", "| metadata |").SelectMany(cell => Quoted().Matches(cell)).Select(match => match.Groups[1].Value);

        Assert.Equal(ItemMetadata.AllNames, rows);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void README_has_the_default_and_the_words(string name)
    {
        var field = Field(name);
        var row = Assert.Single(Pages.Read("README.md").Split('\n'), line => Regex.IsMatch(line, $@"^\| (`\w+`, )?`{name}`"));
        var cells = row.Split('|');

        if (field.Default is { } value)
            Assert.Contains($"`{value}`", cells[2], StringComparison.Ordinal);
        if (cells[3].Trim().Length > 0)
            Assert.All(field.Words, word => Assert.Contains($"`{word}`", cells[3], StringComparison.Ordinal));
        Assert.True(field.Default is null || field.Words.Count == 0 || field.Words.Contains(field.Default));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_targets_hand_over_the_property_of_each_that_has_one(string name)
    {
        var element = $"<{name}>$(ModelBuild{name})</{name}>";

        if (Field(name).IsItemOnly)
            Assert.DoesNotContain(element, Targets(), StringComparison.Ordinal);
        else
            Assert.Contains(element, Targets(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_targets_hand_over_no_other_property() =>
        Assert.Equal(
            ItemMetadata.All.Select(field => field.Property).OfType<string>().Concat(_projectOnly).Order(StringComparer.Ordinal),
            Default().Matches(Defaults()).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(All))]
    public void The_props_explain_each(string name)
    {
        var props = File.ReadAllText(Path.Combine(Corpus.Repository, "build/ModelBuild.props"));
        var field = Field(name);

        if (field.Property is null)
            Assert.Matches($@"These metadata have no property:((?!-->)(.|\n))*?\b{name}\s+\(", props);
        else
            Assert.Matches($@"\n +{field.Property} +{Regex.Escape(field.Default ?? "")}", props);
    }

    private static ItemField Field(string name) => ItemMetadata.All.Single(field => field.Name == name);

    private static string Targets() => File.ReadAllText(Path.Combine(Corpus.Repository, "build/ModelBuild.targets"));

    private static string Defaults()
    {
        var text = Targets();
        var start = text.IndexOf("<_ModelBuildDefaults Include", StringComparison.Ordinal);
        return text[start..text.IndexOf("</_ModelBuildDefaults>", StringComparison.Ordinal)];
    }

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\$\((ModelBuild\w+)\)")]
    private static partial Regex Default();
}
