using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Determines the comparisons of one output: of the whole output or of each of its parts.</summary>
/// <param name="main">The main graph.</param>
/// <param name="signature">The model's signature.</param>
/// <param name="tensors">The known types and shapes of values in one call.</param>
/// <param name="request">The information about outputs in the project.</param>
internal sealed class PartRules(Graph main, ModelSignature signature, IReadOnlyDictionary<string, InferredTensor> tensors, OutputHints request)
{
    private const int BoxColumns = 4;

    private readonly KindRules _kinds = new(main, signature, tensors, request.Labels);
    private readonly JoinedParts _joined = new(main, tensors);

    /// <summary>Returns the comparisons of an output or of a value that a selection reads.</summary>
    /// <param name="output">The name of the value.</param>
    /// <param name="selections">Finds the selections before the output; null for a value that a selection reads.</param>
    public IReadOnlyList<ComparedPart> Of(string output, Selections? selections)
    {
        var declared = signature.Outputs.FirstOrDefault(of => of.Name == output);
        // The inferred type of an output is preferred to the declared one, which may be missing.
        var isFloat = tensors.ContainsKey(output) ? Selections.IsFloat(tensors, output) : declared is null or { Kind: ValueKind.Tensor } && IsFloat(declared);
        var shape = tensors.TryGetValue(output, out var tensor) ? tensor.Shape : [.. (declared?.Shape ?? []).Select(dimension => dimension.Size ?? -1)];
        var mask = MaskRule.Find(signature, declared);
        if (request.Kinds.Of(output) is { } given)
            return [Given(output, given, shape) with { Mask = mask }];
        if (selections?.Rows(output, isFloat, shape.Length, OpenAxis(declared)) is { } rows)
            return [new ComparedPart(output, isFloat && IsBoxes(shape, rows) ? FidelityKind.Boxes : FidelityKind.Rows) { Rows = rows }];
        if (!isFloat)
            return [new ComparedPart(output, FidelityKind.Numbers) { Mask = mask }];
        var whole = _kinds.Of(output, output, shape) with { Mask = mask };
        // An output whose parts are joined scores is compared as a whole, because scores that are joined along the axis of classes are one row of scores.
        var parts = _joined.Of(output);
        return parts.Count == 0 || whole.Kind is FidelityKind.Scores or FidelityKind.Tokens || JoinsBatches(declared, parts)
            ? [whole]
            : [.. parts.Select(part => Part(output, part, parts.All(IsProbability), shape) with { Mask = mask })];
    }

    private static bool IsFloat(ValueSignature? declared) => declared?.Type is null or "float32" or "float64" or "float16" or "bfloat16";

    // Returns whether parts are joined along a dynamic batch axis. Their ranges differ from call to call, so such parts are not compared one by one.
    private static bool JoinsBatches(ValueSignature? declared, IReadOnlyList<JoinedPart> parts) =>
        declared?.Shape is [{ Size: null }, _, ..] && parts.Any(part => part.Ranges.Any(range => range.Axis == 0));

    private bool IsProbability(JoinedPart part) => part.IsProbability || PassingOperators.IsSigmoid(PassingOperators.Maker(main, part.Value));

    private ComparedPart Part(string output, JoinedPart part, bool areHeads, long[] whole)
    {
        long[] shape = [.. whole];
        foreach (var range in part.Ranges)
            shape[range.Axis] = range.Length;
        var found = request.Kinds.Of(part.Value) is { } given ? Given(part.Value, given, shape) : _kinds.Of(part.Value, part.Value, shape);
        // A part that ends in a sigmoid holds scores of classes for each anchor if the output joins several such parts. An anchor may have no class.
        if (!found.IsGiven && IsProbability(part) && shape.Length >= 3)
        {
            var axis = ClassAxis(part, areHeads, shape);
            var kind = axis is null ? FidelityKind.Probabilities : FidelityKind.Scores;
            found = found with { IsProbability = true, Kind = kind, ClassAxis = axis, HasBackground = true };
        }

        return found with
        {
            Output = output,
            Part = part.Value,
            Ranges = part.Ranges,
        };
    }

    // Returns the axis of classes of a part. Boxes and classes are joined along the axis of classes, and heads of several sizes along another, longer axis. If
    // all parts are probabilities [N, A, C] of several heads, they are joined along anchors. A single column has no classes: it holds objectness, or the scores
    // of a detector with one class.
    private static int? ClassAxis(JoinedPart part, bool areHeads, long[] shape)
    {
        int[] axes = [.. part.Ranges.Select(range => range.Axis).Where(axis => axis > 0)];
        if (axes is [var anchors] && areHeads && shape.Length == 3)
            axes = [3 - anchors];
        return axes.Length > 0 && axes.MinBy(axis => shape[axis]) is var classes && shape[classes] > 1 ? classes : null;
    }

    private static ComparedPart Given(string output, FidelityKind kind, long[] shape)
    {
        var part = new ComparedPart(output, kind)
        {
            IsGiven = true,
            ClassAxis = KindRules.DefaultClassAxis(shape),
            IsProbability = kind == FidelityKind.Probabilities,
        };
        return kind switch
        {
            FidelityKind.Tokens when shape.Length != 3 => throw Wrong(output, kind, shape, "three axes: samples, time steps and classes"),
            FidelityKind.Embedding when shape.Length is not (2 or 3 or 4) => throw Wrong(output, kind, shape, "two axes or more"),
            FidelityKind.Scores when part.ClassAxis is null => throw Wrong(output, kind, shape, "two axes or more"),
            FidelityKind.Tokens => part with { ClassAxis = 1 },
            FidelityKind.Boxes or FidelityKind.Rows => part with { Rows = new RowLayout(Math.Max(0, shape.Length - 2)) },
            FidelityKind.Numbers => part with { ClassAxis = null },
            _ => part,
        };
    }

    private static CompressionException Wrong(string output, FidelityKind kind, long[] shape, string needs) =>
        new(
            Codes.UnknownOption,
            $"Fidelity names '{output}' {FidelityKinds.Name(kind)}, which needs {needs}; "
                + $"its shape is [{string.Join(',', shape.Select(size => size < 0 ? "?" : $"{size}"))}]."
        );

    // Returns the axis of rows of an output, which is its last dynamic axis.
    private static int? OpenAxis(ValueSignature? declared)
    {
        int[] open = [.. (declared?.Shape ?? []).Index().Where(axis => axis.Item.Size is null).Select(axis => axis.Index)];
        return open.Length == 0 ? null : open[^1];
    }

    private static bool IsBoxes(long[] shape, RowLayout rows) => !rows.AreColumns && rows.Axis == shape.Length - 2 && shape[^1] == BoxColumns;
}
