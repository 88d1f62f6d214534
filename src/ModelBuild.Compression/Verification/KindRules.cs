using System.Text.RegularExpressions;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Tells what a value holds, by the operator that makes it, by its shape, and by the name that exporters give it. docs/fidelity.md has the rules in
/// words.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="signature">The model's signature.</param>
/// <param name="tensors">Types and shapes of values in one call, as far as they are known.</param>
/// <param name="labels">How many labels the project gives; 0 for none.</param>
internal sealed partial class KindRules(Graph main, ModelSignature signature, IReadOnlyDictionary<string, InferredTensor> tensors, int labels)
{
    private const int SmallestVector = 16;
    private const int SmallestPicture = 16;

    private static readonly HashSet<string> Normalizations =
    [
        "LayerNormalization",
        "SkipLayerNormalization",
        "LpNormalization",
        "SimplifiedLayerNormalization",
    ];

    private static readonly HashSet<string> Recurrent = ["LSTM", "GRU", "RNN"];

    private readonly PooledFeatures _pooled = new(main, tensors);
    private readonly bool _isRecurrent = main.Nodes.Any(node => Recurrent.Contains(node.OpType));

    /// <summary>What a value of floats holds.</summary>
    /// <param name="value">The value that is the output, or a part of it.</param>
    /// <param name="name">The name that callers know.</param>
    /// <param name="shape">The shape in one call; the value's own, in the axes of the output.</param>
    public ComparedPart Of(string value, string name, long[] shape)
    {
        var maker = PassingOperators.Maker(main, value);
        var isSigmoid = PassingOperators.IsSigmoid(maker);
        var part = new ComparedPart(name, FidelityKind.Numbers) { ClassAxis = RowAxis(shape), IsProbability = isSigmoid || maker?.OpType is "Softmax" };
        if (maker?.OpType is "Softmax" or "LogSoftmax" && SoftmaxAxis(maker, value, shape) is { } axis)
            return Scores(part, shape, axis, isDecoded: maker.OpType == "LogSoftmax");
        if (labels > 1 && Array.LastIndexOf(shape, labels) is > 0 and var labelled)
            return Scores(part, shape, labelled, isDecoded: false);
        if (isSigmoid)
            return part with { Kind = FidelityKind.Probabilities };
        if (ScoreNames().IsMatch(name) && DefaultClassAxis(shape) is { } named && shape[named] > 1)
            return Scores(part with { IsNamed = true }, shape, named, isDecoded: false);
        if (IsVector(shape) && (VectorNames().IsMatch(name) || _pooled.IsMadeBy(maker) || IsNormalized(maker) || IsBesideStates(shape)))
            return part with { Kind = FidelityKind.Embedding };
        if (IsPicture(shape))
            return part with { Kind = FidelityKind.Image };
        return shape.Length is >= 1 and <= 3 && SoundNames().IsMatch(name) ? part with { Kind = FidelityKind.Waveform } : part;
    }

    /// <summary>The axis of classes of a shape of which nothing else is known; null where it has none.</summary>
    public static int? DefaultClassAxis(long[] shape) =>
        shape.Length switch
        {
            2 => 1,
            3 => 2,
            >= 4 => 1,
            _ => null,
        };

    // Labels may say later that rows of numbers are scores: [N, C], or [N, C, 1, 1].
    private static int? RowAxis(long[] shape) => shape.Length >= 2 && shape.Skip(2).All(size => size == 1) ? 1 : null;

    private ComparedPart Scores(ComparedPart part, long[] shape, int axis, bool isDecoded) =>
        shape.Length == 3 && axis == 2 && IsDecoded(isDecoded)
            ? part with
            {
                Kind = FidelityKind.Tokens,
                ClassAxis = TimeAxis(part.Output),
            }
            : part with
            {
                Kind = FidelityKind.Scores,
                ClassAxis = axis,
            };

    // Speech or handwriting: no ids of tokens go in, and steps of time go through a recurrent layer, or came as sound. Anchors of a detector do neither.
    private bool IsDecoded(bool isLogSoftmax) =>
        signature.Outputs.Count(output => output.Type.StartsWith("float", StringComparison.Ordinal)) == 1
        && signature.Inputs.All(input => input.Type.StartsWith("float", StringComparison.Ordinal))
        && (_isRecurrent || isLogSoftmax || signature.Inputs.All(input => input.Shape?.Count is 2 or 3));

    // The batch is the axis that the inputs have as well: [T, N, C] has it second.
    private int TimeAxis(string output)
    {
        var batch = signature.Inputs[0].Shape is [var leading, ..] ? leading : null;
        var shape = signature.Outputs.FirstOrDefault(of => of.Name == output)?.Shape;
        return
            shape is [var first, var second, _]
            && batch is not null
            && (batch.Size ?? -1) == (second.Size ?? -1)
            && batch.Name == second.Name
            && (first.Size != second.Size || first.Name != second.Name)
            ? 0
            : 1;
    }

    private int? SoftmaxAxis(NodeProto softmax, string value, long[] shape)
    {
        if (softmax.Output[0] == value)
        {
            var fallback = main.Model.Opset("") < 13 ? 1 : -1;
            var axis = (int)softmax.GetInt("axis", fallback);
            axis = axis < 0 ? axis + shape.Length : axis;
            // Before opset 13 all axes from this one on are one row; there is a class axis where one of them alone is larger than 1.
            if (main.Model.Opset("") < 13)
                axis = Enumerable.Range(axis, Math.Max(0, shape.Length - axis)).Where(other => shape[other] > 1).DefaultIfEmpty(axis).First();
            return axis > 0 && axis < shape.Length && shape[axis] > 1 ? axis : null;
        }

        return DefaultClassAxis(shape) is { } guess && shape[guess] > 1 ? guess : null;
    }

    private static bool IsVector(long[] shape) =>
        shape switch
        {
            [_, >= SmallestVector] => true,
            [_, _, >= SmallestVector] => true,
            [_, >= SmallestVector, .. var positions] => positions.All(size => size == 1),
            _ => false,
        };

    // [N, D] beside the states [N, T, D] of a text that it sums up: the pooled output of an encoder.
    private bool IsBesideStates(long[] shape) =>
        shape is [_, var width]
        && signature.Outputs.Any(output => output.Shape is [_, _, var states] && (states.Size ?? width) == width)
        && signature.Inputs.Any(input => input.Type.StartsWith("int", StringComparison.Ordinal));

    // A picture like the one that goes in.
    private bool IsPicture(long[] shape) =>
        shape switch
        {
            [_, (1 or 3 or 4) and var channels, >= SmallestPicture, >= SmallestPicture] => TakesPictures(1, channels),
            [_, >= SmallestPicture, >= SmallestPicture, (1 or 3 or 4) and var channels] => TakesPictures(3, channels),
            _ => false,
        };

    private bool TakesPictures(int axis, long channels) => signature.Inputs.Any(input => input.Shape is { Count: 4 } shape && shape[axis].Size == channels);

    // A normalization, or x / ‖x‖ as exporters write it.
    private bool IsNormalized(NodeProto? maker)
    {
        if (maker is not null && Normalizations.Contains(maker.OpType))
            return true;
        if (maker is null || !maker.Is("Div"))
            return false;
        var length = main.Producer(maker.Input[1]);
        while (length?.OpType is "Clip" or "Expand" or "Max" or "Add")
            length = main.Producer(length.Input[0]);
        return length?.OpType == "ReduceL2";
    }

    [GeneratedRegex("logits|scores?$", RegexOptions.IgnoreCase)]
    private static partial Regex ScoreNames();

    [GeneratedRegex("embed|hidden_state|feature|pooler|latent", RegexOptions.IgnoreCase)]
    private static partial Regex VectorNames();

    [GeneratedRegex("audio|wave|speech", RegexOptions.IgnoreCase)]
    private static partial Regex SoundNames();
}
