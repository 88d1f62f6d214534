using ModelBuild.Compression.Passes.Quantization.Static;

namespace ModelBuild.Compression.Tests.Quantization.Static;

public sealed class MinimumCutTests
{
    [Fact]
    public void No_other_cut_costs_less_and_none_that_costs_the_same_has_fewer_vertices()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var inner = random.Next(1, 8);
            // The costs are whole numbers up to 5, so that many cuts have the same cost.
            var edges = Enumerable
                .Range(0, random.Next(1, 25))
                .Select(_ => (From: random.Next(inner + 2), To: random.Next(inner + 2), Cost: (long)random.Next(6)))
                .Where(edge => edge.From != edge.To)
                .ToArray();
            long Cost(Func<int, bool> isSource) => edges.Sum(edge => isSource(edge.From) && !isSource(edge.To) ? edge.Cost : 0);
            var best = Enumerable
                .Range(0, 1 << inner)
                .Select(mask =>
                    (Cost: Cost(vertex => vertex == MinimumCut.Source || (vertex > 1 && (mask >> (vertex - 2) & 1) == 1)), Count: int.PopCount(mask) + 1)
                )
                .Min();

            var side = Network(inner, edges).Solve();

            Assert.Equal(best, (Cost(vertex => side[vertex]), side.Count(isSource => isSource)));
        }
    }

    [Fact]
    public void What_is_forbidden_is_never_cut()
    {
        // It is cheap to keep vertex 2 on the side of the source, but vertex 3 must then be on the same side, which is not cheap.
        var side = Network(2, [(MinimumCut.Source, 2, 10), (2, MinimumCut.Sink, 9), (2, 3, MinimumCut.Forbidden), (3, MinimumCut.Sink, 2)]).Solve();

        Assert.Equal([true, false, false, false], side);
        Assert.Equal(
            [true, false, true, true],
            Network(2, [(MinimumCut.Source, 2, 12), (2, MinimumCut.Sink, 9), (2, 3, MinimumCut.Forbidden), (3, MinimumCut.Sink, 2)]).Solve()
        );
    }

    [Fact]
    public void A_network_may_be_as_deep_as_a_model()
    {
        const int depth = 20_000;
        var chain = Enumerable.Range(0, depth - 1).Select(i => (i + 2, i + 3, 5L));

        var side = Network(depth, [(MinimumCut.Source, 2, 7), .. chain, (depth + 1, MinimumCut.Sink, 4)]).Solve();

        Assert.Equal(depth + 1, side.Count(isSource => isSource));
    }

    private static MinimumCut Network(int inner, (int From, int To, long Cost)[] edges)
    {
        var network = new MinimumCut();
        for (var i = 0; i < inner; i++)
            network.AddVertex();
        foreach (var (from, to, cost) in edges)
            network.AddCost(from, to, cost);
        return network;
    }
}
