using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>The fewest layers are returned to float where the whole model in int8 misses its budget.</summary>
public sealed class MixedPrecisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_layer_that_does_the_harm_is_returned_alone()
    {
        var receipt = Compress("int8(min-max, everywhere=true)", minSqnr: 30);

        var int8 = receipt.Steps.Single(step => step.Step.StartsWith("int8", StringComparison.Ordinal));
        Assert.Equal("int8(calibration=min-max, everywhere=true, layers=poison:float)", int8.Step);
        Assert.Equal(["poison"], int8.Ranking.Where(rank => rank.Returned).Select(rank => rank.Layer));
        Assert.Equal("poison", int8.Ranking[0].Layer);
        Assert.InRange(int8.Ranking[0].GainDb, 5, 60);
        Assert.Equal(int8.Ranking.OrderByDescending(rank => rank.GainDb), int8.Ranking);
        Assert.Equal(["first", "last", "poison"], int8.Ranking.Select(rank => rank.Layer).Order());
        Assert.Equal("left in float by the recipe", int8.Nodes.Single(node => node.Name == "poison").Why);
        Assert.Contains("within the budget with 1 layers in float", receipt.Attempts[^1].Why, StringComparison.Ordinal);
        Assert.True(receipt.Fidelity[0].Passed);
        Assert.InRange(receipt.Fidelity[0].SqnrDb, 30, 60);
    }

    [Fact]
    public void The_same_model_comes_out_each_time()
    {
        Compress("int8(min-max, everywhere=true)", minSqnr: 30);
        var first = File.ReadAllBytes(_folder.File("out/small.onnx"));
        Compress("int8(min-max, everywhere=true)", minSqnr: 30);

        Assert.Equal(first, File.ReadAllBytes(_folder.File("out/small.onnx")));
    }

    [Fact]
    public void A_choice_of_combinations_is_written_out_as_the_one_that_was_kept()
    {
        var receipt = Compress("int8(everywhere=true)", minSqnr: 33);

        Assert.DoesNotContain(receipt.Recipe.Steps, step => step is "int8" or "int8(everywhere=true)");
        Assert.Contains(receipt.Recipe.Steps, step => step.EndsWith("layers=poison:float)", StringComparison.Ordinal));
        Assert.True(receipt.Fidelity[0].Passed);
    }

    [Fact]
    public void A_budget_that_no_layer_is_to_blame_for_is_an_error_that_names_the_worst()
    {
        var exception = Assert.Throws<CompressionException>(() => Compress("int8(min-max, everywhere=true)", minSqnr: 120));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Matches(@"beyond MinSqnr 120 dB.*the layers that cost most are 'poison' \(\d+\.\d dB\)", exception.Message);
        Assert.False(File.Exists(_folder.File("out/small.onnx")));
    }

    [Fact]
    public void A_recipe_of_auto_that_has_no_integer_layers_is_not_blamed_for_those_of_another()
    {
        var receipt = Compress("auto", minSqnr: 75);

        var stored = receipt.Attempts.Single(attempt => attempt.Recipe == "optimize int8-weights");
        Assert.Equal("refused", stored.Outcome);
        Assert.DoesNotContain("layers that cost most", stored.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_returned_in_the_order_of_what_they_give_back_until_it_is_enough()
    {
        var gains = new Dictionary<string, double> { ["a"] = 1, ["b"] = 5, ["c"] = 3 };
        var recipes = new List<string>();
        double Estimate(Recipe recipe) => 10 + Floats(recipe).Sum(layer => gains[layer]);
        var search = new MixedPrecision(RecipeParser.Parse("int8(min-max) gptq"), Estimate);

        var found = search.Search(["a", "b", "c"], recipe =>
        {
            recipes.Add(recipe.Steps[0].ToString());
            return (Floats(recipe).Length == 2, Floats(recipe).Length);
        });

        Assert.Equal(["int8(calibration=min-max, layers=b:float)", "int8(calibration=min-max, layers=b:float|c:float)"], recipes);
        Assert.Equal(2, found!.Steps.Count);
        Assert.Equal([new LayerRank("b", 5, true), new LayerRank("c", 3, true), new LayerRank("a", 1, false)], search.Ranking);
    }

    [Fact]
    public void Answers_that_get_worse_rank_the_rest_again_and_only_so_often()
    {
        var ranked = 0;
        double Estimate(Recipe recipe)
        {
            ranked++;
            return 10;
        }

        var layers = Enumerable.Range(0, 12).Select(i => $"l{i}").ToArray();
        var tried = 0;
        var found = new MixedPrecision(RecipeParser.Parse("int8(min-max)"), Estimate).Search(layers, _ => (false, -tried++));

        Assert.Null(found);
        Assert.Equal(12, tried);
        // Three rankings of 12, 10 and 9 layers, each with the model as it is by then.
        Assert.Equal(13 + 11 + 10, ranked);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Floats(Recipe recipe) =>
        [.. recipe.Steps.Select(step => step.Options).OfType<Int8Options>().Single().Layers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(layer => layer.Split(':')[0])];

    // The middle layer's outputs have one channel that is 400 times as large as the others: in int8 those lose nearly all.
    private Receipt Compress(string recipe, double minSqnr)
    {
        var spread = Enumerable.Range(0, 16 * 16 * 9).Select(i => i / 144 == 0 ? 400f : 1f).Zip(Noise.Floats(16 * 16 * 9, seed: 5, scale: 0.2), (factor, weight) => factor * weight).ToArray();
        var sizes = Enumerable.Range(0, 16).Select(i => i == 0 ? 400f : 1f).ToArray();
        var net = new Net().Input("x", -1, 4, 10, 10).Weight("w1", 16, 4, 3, 3).Constant("w2", [16, 16, 3, 3], spread).Weight("w3", 8, 16, 3, 3).Constant("sizes", [1, 16, 1, 1], sizes);
        net.Add(Conv("first", "x w1", "a")).Node("Softsign", "a", "s").Add(Conv("poison", "s w2", "b")).Node("Div", "b sizes", "d").Add(Conv("last", "d w3", "y"));

        var data = _folder.File("data.npz");
        if (!File.Exists(data))
            Numpy.Npz(data, ("x", Numpy.Array([64, 4, 10, 10], Noise.Floats(64 * 400, seed: 9))));
        return Compressor.Compress(new CompressionRequest(net.Output("y").Save(_folder.File("model.onnx")), _folder.File("out/small.onnx"))
        {
            Recipe = RecipeParser.Parse(recipe),
            CalibrationData = [data],
            Budget = new FidelityBudget(MinSqnr: minSqnr),
        });
    }

    private static NodeProto Conv(string name, string inputs, string output)
    {
        var conv = Net.Make("Conv", inputs, output);
        conv.Name = name;
        return conv;
    }
}
