using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Quantization;

/// <summary>Tests every step on models whose branches and loops read weights of the main graph.</summary>
[Trait("Speed", "Slow")]
public sealed class OuterWeightsTests
{
    private static readonly string[] Targets = ["cpu-x64", "cpu-arm64", "tensorrt", "qnn"];

    // Each recipe has the least SQNR of its outputs in decibels. It is low for recipes that prune half of the random weights.
    private static readonly Dictionary<string, double> Recipes = new(StringComparer.Ordinal)
    {
        ["optimize"] = 90,
        ["prune-channels(0.2)"] = 1,
        ["prune"] = 1,
        ["prune(2:4, method=magnitude)"] = 1,
        ["prune(method=magnitude, storage=sparse)"] = 1,
        ["low-rank(0.7)"] = 1,
        ["depthwise-separable"] = 1,
        ["float16-weights"] = 50,
        ["int8-weights"] = 30,
        ["int8-weights gptq"] = 25,
        ["int8-weights reconstruct(iterations=20)"] = 25,
        ["int8-dynamic"] = 8,
        ["equalize"] = 80,
        ["smooth-quant"] = 80,
        ["rotate"] = 80,
        ["int8"] = 15,
        ["int8(min-max)"] = 15,
        ["int8(min-max, everywhere=true)"] = 15,
        ["equalize int8(min-max, everywhere=true) least-squares clip-weights gptq adaround(iterations=20) coordinate-descent bias-correction"] = 15,
        ["int4"] = 8,
        ["int4 gptq"] = 8,
        ["int4(format=qdq)"] = 8,
        ["int4(format=stored)"] = 8,
        ["int8-blocks"] = 30,
        ["int8-blocks least-squares"] = 25,
        ["cluster"] = 8,
        ["cluster(16, method=k-means)"] = 8,
        ["cluster(form=shared)"] = 8,
        ["float16"] = 40,
        ["bfloat16"] = 20,
        ["mixed-precision(sqnr=30)"] = 20,
        ["prune-layers"] = 1,
    };

    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var op in Nested.Operators)
        foreach (var place in Nested.Places)
        foreach (var recipe in Recipes.Keys)
            cases.Add(op, place, recipe);
        return cases;
    }

    [Fact]
    public void All_steps_that_change_weights_are_tried()
    {
        var tried = Recipes.Keys.SelectMany(recipe => RecipeParser.ParseSteps(recipe)).Select(step => step.Definition.Name).ToHashSet(StringComparer.Ordinal);

        // Other tests cover training, and thresholds of activations are not weights.
        Assert.Equal(
            ["fix-dimensions", "sparsify-activations"],
            StepCatalog.Steps.Where(step => !step.Trains && !tried.Contains(step.Name)).Select(step => step.Name)
        );
    }

    [Theory]
    [InlineData("branch", "MatMul of 't'")]
    [InlineData("loop", "MatMul of 'm'")]
    [InlineData("own loop", "MatMul of 'm'")]
    public void Receipts_say_that_nothing_is_measured_in_subgraphs(string place, string layer)
    {
        var model = Nested.Model("MatMul", place);

        Steps.Run(model, "int8-weights gptq", Int8Run.Samples(model), out var report);

        Assert.Equal("it is in a subgraph, where calibration measures nothing", Assert.Single(report.Skipped, left => left.What == layer).Why);
    }

    [Theory]
    [InlineData("branch", true)]
    [InlineData("loop", true)]
    [InlineData("branch in loop", true)]
    [InlineData("own branch", false)]
    [InlineData("own loop", false)]
    public void Receipts_say_which_codes_ONNX_Runtime_would_not_find(string place, bool isLeft)
    {
        Steps.Run(Nested.Model("MatMul", place), "int4(format=qdq)", out var report);

        Assert.Equal(isLeft, report.Skipped.Any(left => left.Why.Contains("belong to an enclosing graph", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_step_gives_a_model_that_answers_as_before(string op, string place, string recipe)
    {
        var model = Nested.Model(op, place);
        var copy = model.Clone();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None)
        {
            Calibration = new CalibrationContext(Int8Run.Samples(model), threads: 1),
            Target = TargetProfile.Parse(recipe == "bfloat16" ? "tensorrt" : Targets[(op.Length + place.Length + recipe.Length) % Targets.Length]),
        };

        RecipePipeline.Run(context, RecipeParser.Parse(recipe));

        // Integer kernels saturate on processors without VNNI. Without optimizations, ONNX Runtime computes the QDQ form as it is written.
        using var options = new SessionOptions
        {
            GraphOptimizationLevel =
                recipe.Contains("int8(", StringComparison.Ordinal) || recipe == "int8"
                    ? GraphOptimizationLevel.ORT_DISABLE_ALL
                    : GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        // The processor does not compute in bfloat16.
        if (recipe == "bfloat16")
            AcceleratorArithmetic.Apply(copy);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(copy, options)), Recipes[recipe], double.PositiveInfinity);
        Assert.NotEmpty(Ort.Run(copy));
    }
}
