using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts what a model takes before and after what is done to it, always for the same call: a batch of one where the model leaves it open, other open sizes as a sample has them, or as
/// the guess says from which most follows.
/// </summary>
internal sealed class CostMeter
{
    /// <param name="original">The model, loaded with its weights, or mapped; no large one is read.</param>
    /// <param name="signature">Its inputs.</param>
    /// <param name="sample">Sizes of the inputs of a call that the model runs with; null where none is known.</param>
    public CostMeter(OnnxModel original, ModelSignature signature, IReadOnlyDictionary<string, long[]>? sample)
    {
        var pinned = ModelPreparation.PreparedCopy(original);
        (InputShapes, var work) = FirstCall(pinned, signature, sample);
        Original = Cost(pinned, work);
    }

    /// <summary>The sizes of the inputs in the call that multiply-adds are counted for.</summary>
    public IReadOnlyDictionary<string, long[]> InputShapes { get; }

    /// <summary>What the original takes; its bytes are those that it would have written anew.</summary>
    public ModelCost Original { get; }

    /// <summary>What a model takes that was made of the original.</summary>
    public ModelCost Measure(OnnxModel model) => Cost(model, ModelWork.Of(model, InputShapes));

    /// <summary>The inputs of the call that a model's multiply-adds are counted for, and what it does then.</summary>
    public static (IReadOnlyDictionary<string, long[]> Inputs, IReadOnlyList<NodeWork> Work) FirstCall(
        OnnxModel model,
        ModelSignature signature,
        IReadOnlyDictionary<string, long[]>? sample
    )
    {
        (IReadOnlyDictionary<string, long[]> Inputs, IReadOnlyList<NodeWork> Work)? best = null;
        foreach (var shapes in OpenDimensions.Guesses.Select(Shapes).DistinctBy(shapes => string.Join(' ', shapes.SelectMany(shape => shape.Value))))
        {
            var work = ModelWork.Of(model, shapes);
            if (best is null || work.Count(IsAstray) < best.Value.Work.Count(IsAstray))
                best = (shapes, work);
            if (!best.Value.Work.Any(IsAstray))
                break;
        }

        return best!.Value;

        // Sizes that the model does not run with: nothing follows from them, or a layer has no position to be multiplied at.
        static bool IsAstray(NodeWork node) => node.MultiplyAdds is null or 0;

        Dictionary<string, long[]> Shapes(OpenDimensions guess) =>
            signature
                .Inputs.Where(input => input.Shape is not null || sample?.ContainsKey(input.Name) == true)
                .ToDictionary(input => input.Name, input => guess.Shape(input, sample?.GetValueOrDefault(input.Name)), StringComparer.Ordinal);
    }

    private static ModelCost Cost(OnnxModel model, IReadOnlyList<NodeWork> work) =>
        new(Weights.Count(model), ModelWork.Sum(work), work.Count(node => node.MultiplyAdds is null), model.Size());
}
