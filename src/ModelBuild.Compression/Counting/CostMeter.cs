using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts what a model takes before and after what is done to it, always for the same call: a batch of one where the model leaves it open, other open sizes as a sample has them, or as
/// the guess says from which most follows.
/// </summary>
public sealed class CostMeter
{
    /// <summary>A meter for a model and what is made of it.</summary>
    /// <param name="original">The model. No large weight of it is read, but it must have been loaded with them, or mapped.</param>
    public CostMeter(OnnxModel original)
        : this(original, SignatureReader.Read(original), sample: null)
    {
    }

    internal CostMeter(OnnxModel original, ModelSignature signature, IReadOnlyDictionary<string, long[]>? sample)
    {
        (InputShapes, var work) = FirstCall(original, signature, sample);
        Original = Cost(original, work);
    }

    /// <summary>The sizes of the inputs in the call that multiply-adds are counted for.</summary>
    public IReadOnlyDictionary<string, long[]> InputShapes { get; }

    /// <summary>What the original takes; its bytes are those that it would have written anew.</summary>
    public ModelCost Original { get; }

    /// <summary>What a model takes that was made of the original.</summary>
    public ModelCost Measure(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Cost(model, ModelWork.Of(model, InputShapes));
    }

    /// <summary>The inputs of the call that a model's multiply-adds are counted for, and what it does then.</summary>
    internal static (IReadOnlyDictionary<string, long[]> Inputs, IReadOnlyList<NodeWork> Work) FirstCall(OnnxModel model, ModelSignature signature, IReadOnlyDictionary<string, long[]>? sample)
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

        Dictionary<string, long[]> Shapes(OpenDimensions guess) => signature.Inputs.Where(input => input.Shape is not null || sample?.ContainsKey(input.Name) == true)
            .ToDictionary(input => input.Name, input => guess.Shape(input, sample?.GetValueOrDefault(input.Name)), StringComparer.Ordinal);
    }

    private static ModelCost Cost(OnnxModel model, IReadOnlyList<NodeWork> work) =>
        new(Weights.Count(model), ModelWork.Sum(work), work.Count(node => node.MultiplyAdds is null), model.Size());
}
