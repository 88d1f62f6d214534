using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>What <c>int8</c> would save of a model's time, by the static costs that <see cref="Placement"/> goes by.</summary>
internal static class IntegerSaving
{
    /// <summary>The share (0…1) of the float model's estimated time for a batch of one.</summary>
    /// <param name="model">The original; left as it is.</param>
    /// <param name="target">A processor.</param>
    /// <param name="inputShapes">Sizes of the inputs of one call.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static double Of(OnnxModel model, string target, IReadOnlyDictionary<string, long[]> inputShapes, CancellationToken cancellationToken)
    {
        var optimized = model.Clone();
        RecipePipeline.Run(optimized, RecipeParser.Parse("optimize"), cancellationToken);
        var main = new Graph(optimized);
        var tensors = CallShapes.Describe(optimized, inputShapes);
        return Placement
            .Decide(main, target, tensors, LayerSettings.Parse(new Int8Options(), target), everywhere: false, unfused: new HashSet<NodeProto>())
            .Saving;
    }
}
