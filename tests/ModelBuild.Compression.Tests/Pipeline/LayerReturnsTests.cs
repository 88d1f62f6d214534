using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests the order in which layers are returned to float, and when that ends.</summary>
public sealed class LayerReturnsTests
{
    private static readonly SearchBounds Plenty = new(Evaluations: 100, Estimates: 1000, Calls: 8);

    private readonly List<string> _evaluated = [];
    private int _estimates;

    [Fact]
    public void Layers_are_returned_in_the_order_of_what_they_give_back_until_it_is_enough()
    {
        var search = Search(
            Plenty,
            Integer("a", "b", "c"),
            new()
            {
                ["a"] = (1, 0.1),
                ["b"] = (5, 0.5),
                ["c"] = (3, 0.3),
            }
        );

        Assert.True(search.Search(states => Record(states, isGood: Count(states) == 2)));
        Assert.Equal(["b:Stored", "b:Stored c:Stored"], _evaluated);
        Assert.Equal(
            [
                new LayerRank("b", LayerPart.Activations, 5, true),
                new LayerRank("c", LayerPart.Activations, 3, true),
                new LayerRank("a", LayerPart.Activations, 1, false),
            ],
            search.Ranking
        );
    }

    [Fact]
    public void Weights_follow_when_all_activations_are_returned()
    {
        var search = Search(
            Plenty,
            [.. Integer("a", "b"), ("c", LayerState.Stored)],
            new()
            {
                ["a"] = (1, 0.1),
                ["b"] = (2, 0.2),
                ["c"] = (0, 0.5),
            }
        );

        Assert.True(search.Search(states => Record(states, isGood: Count(states) == 4)));
        Assert.Equal(["b:Stored c:Stored", "a:Stored b:Stored c:Stored", "a:Stored b:Stored c:Float"], _evaluated);
        Assert.Equal(
            ["b activations", "a activations", "c weights", "b weights", "a weights"],
            search.Ranking.Select(rank => $"{rank.Layer} {LayerPartWords.Of(rank.Part)}")
        );
    }

    [Fact]
    public void The_last_step_is_not_taken_because_nothing_would_be_quantized()
    {
        var search = Search(Plenty, [.. Integer("a"), ("b", LayerState.Stored)], new() { ["a"] = (4, 2), ["b"] = (0, 1) });

        Assert.False(search.Search(states => Record(states)));
        Assert.Equal(["a:Stored b:Stored", "a:Float b:Stored"], _evaluated);
        Assert.Equal("the result still exceeds the budget when only the weights of 'b' is in int8", search.Conclusion);
    }

    [Fact]
    public void A_layer_whose_weights_do_the_harm_goes_back_at_once()
    {
        var search = Search(Plenty, Integer("a", "b"), new() { ["a"] = (2, 0), ["b"] = (0.5, 20) });

        Assert.True(search.Search(states => Record(states, isGood: true)));
        Assert.Equal(["b:Float"], _evaluated);
        Assert.Equal(new LayerRank("b", LayerPart.Layer, 20.5, true), search.Ranking[0]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(6)]
    [InlineData(1)]
    public void However_few_evaluations_there_may_be_they_come_to_the_end(int evaluations)
    {
        var layers = Integer([.. Enumerable.Range(0, 20).Select(i => $"l{i}")]);
        var counts = new List<int>();
        var search = Search(Plenty with { Evaluations = evaluations }, layers, layers.ToDictionary(layer => layer.Name, _ => (2.0, 1.0)));

        Assert.False(
            search.Search(states =>
            {
                counts.Add(Count(states));
                return new MixedEvaluation(IsGood: false, IsSmaller: true, counts.Count);
            })
        );
        // Each of the twenty layers is returned in two steps, and the last step is not taken.
        Assert.Equal(
            evaluations switch
            {
                100 => Enumerable.Range(1, 39),
                6 => [1, 3, 6, 11, 21, 39],
                _ => [39],
            },
            counts
        );
    }

    [Fact]
    public void The_rest_is_ranked_again_on_the_model_as_it_is_by_then()
    {
        // The largest loss depends on b and c together. It is not reduced if only one of them is returned to float.
        var search = new LayerReturns(
            Integer("a", "b", "c"),
            Plenty,
            states => (states["a"] > 0 ? 2 : 0) + (states["b"] > 0 ? 3 : 0) + (states["b"] > 0 && states["c"] > 0 ? 5 : 0)
        );

        Assert.True(search.Search(states => Record(states, isGood: Count(states) == 2)));
        Assert.Equal(["b:Stored", "b:Stored c:Stored"], _evaluated);
    }

    [Theory]
    [InlineData(1000, 250)]
    [InlineData(100, 90)]
    [InlineData(48, 38)]
    public void Estimates_are_counted_and_the_order_holds_when_they_are_used_up(int bound, int least)
    {
        var layers = Integer([.. Enumerable.Range(0, 12).Select(i => $"l{i}")]);
        var search = Search(Plenty with { Estimates = bound }, layers, layers.ToDictionary(layer => layer.Name, _ => (0.0, 0.0)));

        Assert.False(search.Search(states => Record(states)));
        Assert.Equal(23, _evaluated.Count);
        Assert.InRange(_estimates, least, bound);
    }

    [Fact]
    public void Neighbours_of_a_large_model_are_ranked_together()
    {
        var layers = Integer([.. Enumerable.Range(0, 100).Select(i => $"l{i}")]);
        var search = Search(Plenty with { Estimates = 32 }, layers, layers.ToDictionary(layer => layer.Name, _ => (1.0, 0.1)));

        Assert.True(search.Search(states => Record(states, isGood: true)));
        Assert.Equal(17, _estimates);
        Assert.Equal("l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11, l12", search.Ranking[0].Layer);
        Assert.Equal(13, _evaluated[0].Split(' ').Length);
    }

    [Fact]
    public void A_result_that_is_no_smaller_ends_the_search()
    {
        var search = Search(Plenty, Integer("a", "b"), new() { ["a"] = (1, 1), ["b"] = (2, 1) });

        Assert.False(search.Search(states => Record(states) with { IsSmaller = false }));
        Assert.Single(_evaluated);
        Assert.EndsWith("not smaller than the original", search.Conclusion, StringComparison.Ordinal);
    }

    private static (string Name, LayerState State)[] Integer(params string[] names) => [.. names.Select(name => (name, LayerState.Integer))];

    private static int Count(IReadOnlyDictionary<string, LayerState> states) => states.Values.Sum(state => (int)state);

    // The gains are the reductions of the loss that the activations and the weights of each layer give.
    private LayerReturns Search(
        SearchBounds bounds,
        (string Name, LayerState State)[] layers,
        Dictionary<string, (double Activations, double Weights)> gains
    ) =>
        new(
            layers,
            bounds,
            states =>
            {
                _estimates++;
                return states.Sum(layer =>
                    (layer.Value > LayerState.Integer ? gains[layer.Key].Activations : 0) + (layer.Value == LayerState.Float ? gains[layer.Key].Weights : 0)
                );
            }
        );

    private MixedEvaluation Record(IReadOnlyDictionary<string, LayerState> states, bool isGood = false, double score = 0)
    {
        _evaluated.Add(string.Join(' ', states.Where(layer => layer.Value > LayerState.Integer).Select(layer => $"{layer.Key}:{layer.Value}")));
        return new MixedEvaluation(isGood, IsSmaller: true, score);
    }
}
