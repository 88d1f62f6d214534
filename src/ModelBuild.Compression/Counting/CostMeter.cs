using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the cost of a model before and after compression for the same call. A dynamic batch has the size one. Other dynamic dimensions have the sizes of a
/// sample, or the assumed sizes with which most nodes can be counted.
/// </summary>
internal sealed class CostMeter
{
    /// <param name="original">The model, loaded with its weights or mapped. Large weights are not read.</param>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="sample">The input shapes of a call that the model runs with; null when none are known.</param>
    public CostMeter(OnnxModel original, ModelSignature signature, IReadOnlyDictionary<string, long[]>? sample)
    {
        var pinned = ModelPreparation.PreparedCopy(original);
        (InputShapes, var work) = FirstCall(pinned, signature, sample);
        Original = Cost(pinned, work);
    }

    /// <summary>The input shapes of the call that multiply-adds are counted for.</summary>
    public IReadOnlyDictionary<string, long[]> InputShapes { get; }

    /// <summary>The cost of the original. Its bytes are those of the model after saving it again.</summary>
    public ModelCost Original { get; }

    /// <summary>Returns the cost of a compressed form of the original, for the same call.</summary>
    public ModelCost Measure(OnnxModel model) => Cost(model, ModelWork.Of(model, InputShapes));

    /// <summary>Returns the input shapes of the call that multiply-adds are counted for, and the work of each node in this call.</summary>
    public static (IReadOnlyDictionary<string, long[]> Inputs, IReadOnlyList<NodeWork> Work) FirstCall(
        OnnxModel model,
        ModelSignature signature,
        IReadOnlyDictionary<string, long[]>? sample
    )
    {
        (IReadOnlyDictionary<string, long[]> Inputs, IReadOnlyList<NodeWork> Work)? best = null;
        foreach (var shapes in DynamicDimensions.Guesses.Select(Shapes).DistinctBy(shapes => string.Join(' ', shapes.SelectMany(shape => shape.Value))))
        {
            var work = ModelWork.Of(model, shapes);
            if (best is null || work.Count(IsAstray) < best.Value.Work.Count(IsAstray))
                best = (shapes, work);
            if (!best.Value.Work.Any(IsAstray))
                break;
        }

        return best!.Value;

        // Returns whether the assumed sizes of dynamic dimensions are wrong for a node. With invalid sizes, the shape of a node cannot be inferred, or a layer
        // has no positions.
        static bool IsAstray(NodeWork node) => node.MultiplyAdds is null or 0;

        Dictionary<string, long[]> Shapes(DynamicDimensions guess) =>
            signature
                .Inputs.Where(input => input.Shape is not null || sample?.ContainsKey(input.Name) == true)
                .ToDictionary(input => input.Name, input => guess.Shape(input, sample?.GetValueOrDefault(input.Name)), StringComparer.Ordinal);
    }

    private static ModelCost Cost(OnnxModel model, IReadOnlyList<NodeWork> work) =>
        new(Weights.Count(model), ModelWork.Sum(work), work.Count(node => node.MultiplyAdds is null), model.Size());
}
