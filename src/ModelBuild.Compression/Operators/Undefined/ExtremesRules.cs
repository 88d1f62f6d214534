using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>Determines which elements of a node's outputs may be infinite or NaN, from those of its inputs (IEEE 754, section 6; ONNX operators).</summary>
/// <param name="scope">The node's scope.</param>
/// <param name="values">The extreme elements that values may have.</param>
/// <param name="node">The node.</param>
internal sealed class ExtremesRules(Graph scope, UndefinedValues values, NodeProto node)
{
    /// <summary>Returns the extreme elements that each output of the node may have.</summary>
    public Extremes Result() =>
        !node.IsStandard()
            ? Spread()
            : node.OpType switch
            {
                "Identity" or "Dropout" or "Expand" => In(0),
                "Cast" => IsFloat((int)node.GetInt("to")) ? In(0) : Extremes.None,
                "Equal"
                or "Greater"
                or "GreaterOrEqual"
                or "Less"
                or "LessOrEqual"
                or "And"
                or "Or"
                or "Xor"
                or "Not"
                or "IsNaN"
                or "IsInf"
                or "Shape"
                or "Size"
                or "ArgMax"
                or "ArgMin"
                or "NonZero"
                or "Range"
                or "OneHot"
                or "QuantizeLinear"
                or "DynamicQuantizeLinear"
                or "NonMaxSuppression" => Extremes.None,
                "ConstantOfShape" => node.GetTensor("value") is { } filling ? ConstantExtremes.Of(filling) : Extremes.None,
                "Where" => Where(),
                "Add" or "Sum" => Sum(node.Input.Select(input => Of(input))),
                "Sub" => Sum([In(0), Negated(In(1))]),
                "Neg" => Negated(In(0)),
                "Abs" => (In(0) & Extremes.NaN) | ((In(0) & Extremes.Infinite) != 0 ? Extremes.PositiveInfinity : 0),
                "Mul" => Product(),
                "Div" => Quotient(),
                "Reciprocal" => (In(0) & Extremes.NaN) | (Signs.MayBeZero(scope, node.Input[0]) ? Extremes.PositiveInfinity : 0),
                "Softmax" or "LogSoftmax" or "Hardmax" => Softmax(),
                "Exp" or "Softplus" or "Relu" or "Elu" or "Selu" or "Celu" or "ThresholdedRelu" or "MaxPool" or "GlobalMaxPool" or "ReduceLogSumExp" => In(0)
                    & ~Extremes.Negative,
                "Sigmoid" or "Tanh" or "HardSigmoid" or "Erf" or "Softsign" or "Sign" or "Atan" => In(0) & Extremes.NaN,
                "Log" => (In(0) & ~Extremes.Negative) | (Signs.MayHaveNoLogarithm(scope, node.Input[0]) ? Extremes.NaN | Extremes.NegativeRows : 0),
                "Sqrt" => (In(0) & ~Extremes.Negative) | (Signs.MayBeNegative(scope, node.Input[0]) ? Extremes.NaN : 0),
                "Pow" => Power(),
                "Clip" => Clip(),
                "Max" => Largest(node.Input.Select(input => Of(input))),
                "Min" => Negated(Largest(node.Input.Select(input => Negated(Of(input))))),
                "ReduceMax" => OverLast() ? In(0) & ~Extremes.NegativeInfinity : Loose(In(0)),
                "ReduceSum" or "ReduceMean" => Sum([Loose(In(0)), Extremes.None]) | (HasBothSigns(In(0)) ? Extremes.NaN : 0),
                "Trilu" => Trilu(),
                "Slice" => (In(0) & Extremes.NegativeInfinity) != 0 && RowStart.Of(scope, node.Output[0]) is { Value: not double.NegativeInfinity }
                    ? In(0)
                    : Loose(In(0)),
                "Unsqueeze" => Axes(node) is { } axes && axes.Index().All(axis => axis.Item == axis.Index) ? In(0) : Loose(In(0)),
                "LeakyRelu"
                or "PRelu"
                or "Reshape"
                or "Flatten"
                or "Squeeze"
                or "Transpose"
                or "Split"
                or "Tile"
                or "Pad"
                or "Concat"
                or "ScatterND"
                or "ScatterElements"
                or "Floor"
                or "Ceil"
                or "Round"
                or "ReduceMin"
                or "TopK"
                or "GatherElements"
                or "GatherND"
                or "Compress"
                or "DepthToSpace"
                or "SpaceToDepth"
                or "Resize"
                or "CastLike"
                or "ReverseSequence" => Loose(All()),
                "Gather" => Loose(In(0)),
                _ => Spread(),
            };

    private Extremes Of(string value) => values.Of(scope, value)?.Extremes ?? Extremes.None;

    private Extremes In(int index) => Of(node.InputAt(index));

    private Extremes All() => node.Input.Aggregate(Extremes.None, (all, input) => all | Of(input));

    // Returns the extremes of a sum of products, which is NaN if it contains infinity times zero or infinity less infinity. Constant inputs are ignored,
    // because weights are checked where they are quantized.
    private Extremes Spread() => node.Input.Any(input => !scope.IsConstant(input) && Of(input) != Extremes.None) ? Extremes.NaN : Extremes.None;

    // Returns the extremes after an operator that moves elements, because it may put the −∞ of several rows into one row.
    private static Extremes Loose(Extremes input) =>
        (input & Extremes.NegativeInfinity) == 0 ? input : input & ~Extremes.NegativeInfinity | Extremes.NegativeRows;

    private static Extremes Negated(Extremes input) =>
        (input & Extremes.NaN)
        | ((input & Extremes.Negative) != 0 ? Extremes.PositiveInfinity : 0)
        | (input.HasFlag(Extremes.PositiveInfinity) ? Extremes.NegativeRows : 0);

    private static bool HasBothSigns(Extremes input) => (input & Extremes.Negative) != 0 && input.HasFlag(Extremes.PositiveInfinity);

    private static Extremes Sum(IEnumerable<Extremes> terms)
    {
        Extremes[] all = [.. terms];
        var union = all.Aggregate(Extremes.None, (a, b) => a | b);
        // The sum of two masks may be −∞ in all elements of a row, even if each mask has finite elements in the row.
        if (all.Count(term => (term & Extremes.Negative) != 0) > 1)
            union = Loose(union);
        return HasBothSigns(union) && all.Count(term => (term & Extremes.Infinite) != 0) > 1 ? union | Extremes.NaN : union;
    }

    private Extremes Product()
    {
        var (a, b) = (In(0), In(1));
        var union = a | b;
        if ((union & Extremes.Infinite) == 0)
            return union;
        var (finite, infinite) = (b & Extremes.Infinite) == 0 ? (node.Input[1], a) : (node.Input[0], b);
        return Sign(finite) is { } sign
            ? sign > 0
                ? infinite
                : Negated(infinite)
            : Loose(union) | Extremes.PositiveInfinity | Extremes.NaN;
    }

    private Extremes Quotient()
    {
        var (dividend, divisor) = (In(0), In(1));
        var result = (dividend | divisor) & Extremes.NaN;
        if ((dividend & Extremes.Infinite) != 0)
            result |=
                (divisor & Extremes.Infinite) != 0 ? Extremes.NaN
                : Sign(node.Input[1]) is { } sign ? (sign > 0 ? dividend : Negated(dividend))
                : Loose(dividend) | Extremes.PositiveInfinity;
        return Signs.MayBeZero(scope, node.Input[1]) ? result | Extremes.NaN | Extremes.PositiveInfinity : result;
    }

    private Extremes Power()
    {
        if (Number(node.InputAt(1)) is not { } power)
            return Loose(All());
        var result = Loose(In(0));
        if (power != Math.Floor(power) && Signs.MayBeNegative(scope, node.Input[0]))
            result |= Extremes.NaN;
        return power < 0 && Signs.MayBeZero(scope, node.Input[0]) ? result | Extremes.PositiveInfinity : result;
    }

    private Extremes Clip()
    {
        var result = In(0);
        if (node.Attribute("min") is not null || Number(node.InputAt(1)) is { } least && double.IsFinite(least))
            result &= ~Extremes.Negative;
        if (node.Attribute("max") is not null || Number(node.InputAt(2)) is { } most && double.IsFinite(most))
            result &= ~Extremes.PositiveInfinity;
        return result;
    }

    private static Extremes Largest(IEnumerable<Extremes> inputs)
    {
        Extremes[] all = [.. inputs];
        var union = all.Aggregate(Extremes.None, (a, b) => a | b);
        return all.All(input => (input & Extremes.Negative) != 0) ? union : union & ~Extremes.Negative;
    }

    // Returns the extremes of a Softmax, which is NaN for a row that is −∞ in all elements. One finite element of the row is enough. Before opset 13 a row was
    // all axes from one axis on, so that it contains rows of the last axis.
    private Extremes Softmax()
    {
        var input = In(0);
        var isLast = scope.Model.Opset() < 13 || node.GetInt("axis", -1) is var axis && (axis == -1 || axis == Rank(node.Input[0]) - 1);
        var isEmpty = (input & (Extremes.NaN | Extremes.NegativeRows | Extremes.PositiveInfinity)) != 0 || (!isLast && input != Extremes.None);
        return (isEmpty ? Extremes.NaN : Extremes.None) | (node.OpType == "LogSoftmax" ? input & Extremes.Negative : 0);
    }

    private Extremes Where()
    {
        var (first, second) = (In(1), In(2));
        if (scope.Producer(node.Input[0]) is { } test)
        {
            if (test.Is("Not") && scope.Producer(test.Input[0]) is { } negated)
                first &= ~Cured(negated, node.Input[1]);
            second &= ~Cured(test, node.Input[2]);
        }

        var union = first | second;
        if ((union & Extremes.NegativeRows) == 0)
            return (first & Extremes.Negative) != 0 && (second & Extremes.Negative) != 0 ? Loose(union) : union;
        var sees = ((first & Extremes.Negative) == 0 && Picks(true)) || ((second & Extremes.Negative) == 0 && Picks(false));
        return sees ? union & ~Extremes.NegativeRows | Extremes.NegativeInfinity : union;
    }

    // Returns the extremes (infinity and NaN) that a comparison in the graph excludes from a value.
    private static Extremes Cured(NodeProto test, string value) =>
        test.InputAt(0) != value ? Extremes.None
        : test.Is("IsNaN") ? Extremes.NaN
        : test.Is("IsInf")
            ? (test.GetInt("detect_negative", 1) == 1 ? Extremes.Negative : 0) | (test.GetInt("detect_positive", 1) == 1 ? Extremes.PositiveInfinity : 0)
        : Extremes.None;

    private bool Picks(bool wanted) =>
        (scope.TryGetConstant(node.Input[0], out var condition) && ConstantExtremes.EachRowHas(condition, wanted))
        || (RowStart.Of(scope, node.Input[0]) is { } start && start.Value != 0 == wanted);

    // Returns the extremes of a Trilu. The upper triangle without the diagonal sets the first column to zero, and the lower triangle without the diagonal the
    // last column, so that no row is −∞ in all elements.
    private Extremes Trilu()
    {
        var shift =
            node.InputAt(1).Length == 0 ? 0
            : scope.TryGetConstant(node.Input[1], out var given) && given.DataType == (int)DataType.Int64 ? given.Span<long>()[0]
            : 0;
        var leaves = node.GetInt("upper", 1) == 1 ? shift >= 1 : shift <= -1;
        return leaves && (In(0) & Extremes.NegativeRows) != 0 ? In(0) & ~Extremes.NegativeRows | Extremes.NegativeInfinity : In(0);
    }

    private bool OverLast() => node.GetInts("axes") is [-1] || Axes(node) is [-1] || (Axes(node) is [var axis] && axis == Rank(node.Input[0]) - 1);

    private long[]? Axes(NodeProto of) =>
        of.InputAt(1).Length == 0 ? of.GetInts("axes")
        : scope.TryGetConstant(of.Input[1], out var axes) && axes.DataType == (int)DataType.Int64 ? axes.Span<long>().ToArray()
        : null;

    private int? Rank(string value) => scope.TypeOf(value)?.TensorType?.Shape?.Dim.Count;

    private double? Sign(string value) =>
        scope.TryGetConstant(value, out var tensor) && IsFloat(tensor.DataType) && !tensor.RawData.IsEmpty && tensor.ToFloats() is { Length: > 0 } numbers
            ? numbers.All(number => number > 0)
                ? 1
                : numbers.All(number => number < 0)
                    ? -1
                    : null
            : null;

    private double? Number(string value) =>
        value.Length > 0 && scope.TryGetConstant(value, out var tensor) && IsFloat(tensor.DataType) && tensor.ElementCount() == 1 && !tensor.RawData.IsEmpty
            ? tensor.ToFloats()[0]
            : null;

    private static bool IsFloat(int type) => (DataType)type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;
}
