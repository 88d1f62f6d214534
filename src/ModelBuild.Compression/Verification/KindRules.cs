using System.Text.RegularExpressions;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Determines the kind of a value from the operator that computes it, from its shape, and from its name. docs/fidelity.md describes the rules.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="signature">The model's signature.</param>
/// <param name="tensors">The known types and shapes of values in one call.</param>
/// <param name="labels">The number of labels in the project; 0 for none.</param>
internal sealed partial class KindRules(Graph main, ModelSignature signature, IReadOnlyDictionary<string, InferredTensor> tensors, int labels)
{
    // The smallest number of elements in each row of an output that counts as a vector, and of pixels along each side of a plane in an output that counts as an
    // image.
    private const int MinVectorSize = 16;
    private const int MinImageSide = 16;

    private static readonly HashSet<string> Normalizations =
    [
        "LayerNormalization",
        "SkipLayerNormalization",
        "LpNormalization",
        "SimplifiedLayerNormalization",
    ];

    private readonly PooledFeatures _pooled = new(main, tensors);
    private readonly bool _isRecurrent = main.Nodes.Any(node => WeightedOperator.FindRecurrent(node) is not null);

    /// <summary>Determines the kind of a float value and how it is compared.</summary>
    /// <param name="value">The output, or the value of a part.</param>
    /// <param name="name">The name of the output or part.</param>
    /// <param name="shape">The shape in one call, in the axes of the output.</param>
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
        if (IsImage(shape))
            return part with { Kind = FidelityKind.Image };
        return shape.Length is >= 1 and <= 3 && SoundNames().IsMatch(name) ? part with { Kind = FidelityKind.Waveform } : part;
    }

    /// <summary>Returns the axis of classes of a shape of which nothing else is known, or null when the shape has no such axis.</summary>
    public static int? DefaultClassAxis(long[] shape) =>
        shape.Length switch
        {
            2 => 1,
            3 => 2,
            >= 4 => 1,
            _ => null,
        };

    // Returns the class axis of rows of numbers, [N, C] or [N, C, 1, 1], because labels may show that they are scores; null for other shapes.
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

    // Returns whether an output recognizes speech or handwriting: the inputs are not token ids, and the time steps pass a recurrent layer or the inputs are
    // audio. Neither condition is true for the anchors of a detector.
    private bool IsDecoded(bool isLogSoftmax) =>
        signature.Outputs.Count(output => output.Type.StartsWith("float", StringComparison.Ordinal)) == 1
        && signature.Inputs.All(input => input.Type.StartsWith("float", StringComparison.Ordinal))
        && (_isRecurrent || isLogSoftmax || signature.Inputs.All(input => input.Shape?.Count is 2 or 3));

    // Returns the time axis of an output. The batch is the axis with the declared size of the inputs' first axis, and is the second axis in [T, N, C].
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
            // Before opset 13, Softmax treats all axes from its attribute 'axis' on as one row. The class axis is the first of these axes that is larger than
            // 1.
            if (main.Model.Opset("") < 13)
                axis = Enumerable.Range(axis, Math.Max(0, shape.Length - axis)).Where(other => shape[other] > 1).DefaultIfEmpty(axis).First();
            return axis > 0 && axis < shape.Length && shape[axis] > 1 ? axis : null;
        }

        return DefaultClassAxis(shape) is { } guess && shape[guess] > 1 ? guess : null;
    }

    private static bool IsVector(long[] shape) =>
        shape switch
        {
            [_, >= MinVectorSize] => true,
            [_, _, >= MinVectorSize] => true,
            [_, >= MinVectorSize, .. var positions] => positions.All(size => size == 1),
            _ => false,
        };

    // Returns whether an output [N, D] is the pooled output of a text encoder, beside its states [N, T, D].
    private bool IsBesideStates(long[] shape) =>
        shape is [_, var width]
        && signature.Outputs.Any(output => output.Shape is [_, _, var states] && (states.Size ?? width) == width)
        && signature.Inputs.Any(input => input.Type.StartsWith("int", StringComparison.Ordinal));

    // Returns whether an output is an image: it has as many channels as an image input of the model.
    private bool IsImage(long[] shape) =>
        shape switch
        {
            [_, (1 or 3 or 4) and var channels, >= MinImageSide, >= MinImageSide] => TakesImages(1, channels),
            [_, >= MinImageSide, >= MinImageSide, (1 or 3 or 4) and var channels] => TakesImages(3, channels),
            _ => false,
        };

    private bool TakesImages(int axis, long channels) => signature.Inputs.Any(input => input.Shape is { Count: 4 } shape && shape[axis].Size == channels);

    // Returns whether an output is normalized: by a normalization operator, or by x / ‖x‖ as exporters write it.
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
