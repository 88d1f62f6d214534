using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Estimates the time that <c>int8</c> saves of a model, by the static costs that <see cref="Placement"/> uses.</summary>
internal static class IntegerSaving
{
    /// <summary>Returns the share (0…1) of the float model's estimated time that <c>int8</c> saves for a batch of one.</summary>
    /// <param name="model">The original, which is not changed.</param>
    /// <param name="target">A target with a table of costs.</param>
    /// <param name="inputShapes">Shapes of the inputs of one call.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static double Of(OnnxModel model, TargetProfile target, IReadOnlyDictionary<string, long[]> inputShapes, CancellationToken cancellationToken)
    {
        var optimized = model.Clone();
        RecipePipeline.Run(optimized, RecipePipeline.Optimize, cancellationToken);
        var main = new Graph(optimized);
        var tensors = CallShapes.Describe(optimized, inputShapes);
        return Placement
            .Decide(main, target, tensors, LayerSettings.Parse(new Int8Options(), target), everywhere: false, unfused: new HashSet<NodeProto>())
            .Saving;
    }
}
