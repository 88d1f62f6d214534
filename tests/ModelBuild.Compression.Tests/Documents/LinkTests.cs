using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>Tests that the targets of links between documents exist.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> AllPages => [.. Pages.All];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Each_relative_link_leads_to_a_file_and_a_heading(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        Assert.All(
            Link().Matches(Pages.Read(page)),
            link =>
            {
                var target = link.Groups["target"].Value;
                if (target.Contains("://", StringComparison.Ordinal))
                    return;
                var parts = target.Split('#');
                var path = parts[0].Length == 0 ? page : Path.Combine(folder, parts[0]);
                var full = Path.Combine(Corpus.Repository, path);
                Assert.True(File.Exists(full) || Directory.Exists(full), $"{page}: there is no '{target}'.");
                if (parts.Length > 1)
                    Assert.Contains(parts[1], Anchors(File.ReadAllText(full)));
            }
        );
    }

    [Fact]
    public void The_index_names_every_page() =>
        Assert.All(
            Pages.All.Where(page => page is not ("README.md" or "docs/README.md")),
            page => Assert.Contains($"]({Path.GetFileName(page)})", Pages.Read("docs/README.md"), StringComparison.Ordinal)
        );

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex Punctuation();

    // The anchors are those that GitHub generates from headings.
    private static IEnumerable<string> Anchors(string text) =>
        text.Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));
}
