using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Storage;

namespace ModelBuild.Compression.Recipes;

/// <summary>Every step there is.</summary>
public static class StepCatalog
{
    /// <summary>The steps in the order in which help lists them.</summary>
    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        StepDefinition.Create<OptimizeOptions>(
            "optimize",
            "Folds constants and batch normalization, removes what has no effect, stores equal weights once. Loses nothing.",
            isPrecise: true,
            _ => new OptimizePass()),
        StepDefinition.Create<Float16WeightsOptions>(
            "float16-weights",
            "Stores weights in float16: half the file, float32 speed and arithmetic.",
            isPrecise: true,
            options => new Float16WeightsPass(options)),
        StepDefinition.Create<Int8WeightsOptions>(
            "int8-weights",
            "Stores weights in int8 with a scale for each channel: a quarter of the file, float32 speed and arithmetic.",
            isPrecise: false,
            options => new Int8WeightsPass(options)),
        StepDefinition.Create<Int8DynamicOptions>(
            "int8-dynamic",
            "Multiplies in int8, quantizing activations as they come: MatMul, Gemm and LSTM become smaller and faster. Needs no data.",
            isPrecise: false,
            options => new Int8DynamicPass(options)),
    ];

    /// <summary>The step called <paramref name="name"/>, or null.</summary>
    public static StepDefinition? Find(string name) => Steps.FirstOrDefault(step => step.Name == name);
}
