using ModelBuild.Compression.Pages;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>Tests the data of charts and lists.</summary>
public sealed class ChartTests
{
    [Fact]
    public void The_front_has_the_results_that_no_other_dominates()
    {
        TriedPoint[] points = [Point("a", 100, 20), Point("b", 80, 20), Point("c", 120, 35), Point("d", 130, 30), Point("e", 60, 5)];

        Assert.Equal(["e", "b", "c"], TriedPoint.Front(points).Select(point => point.Name));
    }

    [Fact]
    public void Few_nodes_are_one_group() => Assert.Single(GraphGroups.Of(SampleReceipts.Full(60).Inspection!.Graph));

    [Fact]
    public void Many_nodes_are_grouped_by_their_paths()
    {
        var groups = GraphGroups.Of(SampleReceipts.Full(1000).Inspection!.Graph);

        Assert.InRange(groups.Count, 20, 40);
        Assert.Contains(groups, group => group.Name == "/layer7");
        Assert.Equal(1000, groups.Sum(group => group.Nodes.Count));
    }

    [Fact]
    public void Many_nodes_without_paths_are_grouped_by_their_positions()
    {
        var groups = GraphGroups.Of([.. Enumerable.Range(0, 120).Select(i => new GraphNodeFacts(0, NodeForm.Float, "Add", $"n{i}"))]);

        Assert.Equal(["1–50", "51–100", "101–120"], groups.Select(group => group.Name));
    }

    [Theory]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1 kB")]
    [InlineData(37_610, "37.6 kB")]
    [InlineData(90_893_304, "90.9 MB")]
    [InlineData(2_345_000_000, "2.35 GB")]
    public void Bytes_have_three_digits(long bytes, string text) => Assert.Equal(text, Html.Bytes(bytes));

    private static TriedPoint Point(string name, long bytes, double decibels) => new(name, bytes, decibels, IsKept: false, IsTrial: false);
}
