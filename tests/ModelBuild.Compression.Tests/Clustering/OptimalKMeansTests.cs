using System.Globalization;
using ModelBuild.Compression.Passes.Clustering;

namespace ModelBuild.Compression.Tests.Clustering;

public sealed class OptimalKMeansTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    public void No_division_of_the_line_is_better(int clusters, int seed)
    {
        var values = Noise.Floats(12, seed).Select(value => value * value * value).Order().ToArray();
        var weights = Noise.Floats(12, seed + 50).Select(weight => 1.1 + weight).ToArray();

        var centres = OptimalKMeans.Fit(WeightedValues.Of(values, weights, 100), clusters);

        var cost = values.Zip(weights).Sum(pair => pair.Second * centres.Min(centre => (pair.First - centre) * (pair.First - centre)));
        Assert.Equal(clusters, centres.Length);
        Assert.Equal(Best(values, weights, 0, clusters), cost, 10);
    }

    [Fact]
    public void No_start_of_lloyds_iteration_ends_lower()
    {
        // The values are distributed as weights usually are: many are near zero, and a few are large.
        var values = Noise.Floats(4000, 7).Zip(Noise.Floats(4000, 8), (a, b) => a * a * a + 0.05f * b).ToArray();
        foreach (var clusters in new[] { 4, 16 })
        {
            var optimal = Lloyd.Cost(values, OptimalKMeans.Fit(WeightedValues.Of(values, [], 1 << 16), clusters));
            foreach (var start in new[] { "linear", "density", "random" })
            {
                var cost = Lloyd.Cost(values, Lloyd.Run(values, clusters, start));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clusters} from {start}: {cost / optimal:0.000} of the optimum"));
                Assert.InRange(cost, optimal * (1 - 1e-9), optimal * 3);
            }
        }
    }

    [Fact]
    public void Bins_cost_next_to_nothing()
    {
        var values = Noise.Floats(60_000, 3).Zip(Noise.Floats(60_000, 4), (a, b) => a * b).ToArray();

        var exact = OptimalKMeans.Fit(WeightedValues.Of(values, [], 1 << 16), 16);
        var binned = OptimalKMeans.Fit(WeightedValues.Of(values, [], 1 << 12), 16);

        Assert.NotEqual(exact, binned);
        Assert.InRange(Lloyd.Cost(values, binned), Lloyd.Cost(values, exact), Lloyd.Cost(values, exact) * 1.001);
    }

    [Fact]
    public void Few_values_stay_as_they_are_and_zero_where_it_is_to_stay()
    {
        float[] values = [0.5f, -1, 0.5f, 0, MathF.BitIncrement(0.5f), -1, 0];

        Assert.Equal([-1, 0, 0.5f, MathF.BitIncrement(0.5f)], Codebook.Fit(values, [], 4, keepZero: false).Values);
        var kept = Codebook.Fit(values, [], 3, keepZero: true);
        Assert.Equal([-1, 0, 0.5f], kept.Values);
        Assert.Equal([0, 1, 2], kept.Values.Select(value => kept.Nearest(value)));
    }

    [Fact]
    public void What_counts_nothing_draws_no_value()
    {
        var book = Codebook.Fit([1, 2, 100], [1, 1, 0], 2, keepZero: false);

        Assert.Equal([1, 2], book.Values);
        Assert.Equal(1, book.Nearest(100));
    }

    private static double Best(float[] values, double[] weights, int first, int clusters)
    {
        if (clusters == 0)
            return first == values.Length ? 0 : double.PositiveInfinity;
        var best = double.PositiveInfinity;
        for (var end = first + 1; end <= values.Length; end++)
        {
            var (own, ownWeights) = (values[first..end], weights[first..end]);
            var mean = own.Zip(ownWeights).Sum(pair => pair.First * pair.Second) / ownWeights.Sum();
            best = Math.Min(
                best,
                own.Zip(ownWeights).Sum(pair => pair.Second * (pair.First - mean) * (pair.First - mean)) + Best(values, weights, end, clusters - 1)
            );
        }

        return best;
    }
}
