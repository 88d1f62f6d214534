using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>
/// Determines the possible signs of values from the operators that compute them, for Log, Sqrt and Div. A value that the model guards, by adding a positive
/// constant, by Clip or by Max, counts as neither negative nor zero.
/// </summary>
internal static class Signs
{
    // The largest number of consecutive nodes that are followed to find the sign of a value. A node that guards a value stands close to it. If none is found
    // within this distance, the value counts as guarded.
    private const int MaxDepth = 12;

    /// <summary>Whether a value may be negative, so that it has no root.</summary>
    public static bool MayBeNegative(Graph scope, string value) => !IsAtLeast(scope, value, isStrict: false, MaxDepth);

    /// <summary>Whether a value may be zero or negative, so that it has no logarithm.</summary>
    public static bool MayHaveNoLogarithm(Graph scope, string value) => !IsAtLeast(scope, value, isStrict: true, MaxDepth);

    /// <summary>Whether a value may be exactly zero: the count or the sum of the elements that a mask keeps, or a length without a guard.</summary>
    public static bool MayBeZero(Graph scope, string value) => MayBeZero(scope, value, isReduced: false, MaxDepth);

    private static bool IsAtLeast(Graph scope, string value, bool isStrict, int depth)
    {
        if (depth == 0)
            return true;
        if (Known(scope, value) is { } numbers)
            return numbers.All(number => isStrict ? number > 0 : number >= 0);
        if (Producer(scope, value) is not { } node)
            return false;
        bool All() => node.Input.Where(input => input.Length > 0).All(input => IsAtLeast(scope, input, isStrict, depth - 1));
        bool First() => IsAtLeast(scope, node.Input[0], isStrict, depth - 1);
        return node.OpType switch
        {
            "Exp" or "Softmax" or "Sigmoid" or "Softplus" => true,
            "Abs" or "Relu" or "HardSigmoid" or "ReduceL1" or "ReduceL2" or "ReduceSumSquare" => !isStrict,
            "Cast" when !IsFloat(scope, node.Input[0]) => !isStrict || !MayBeZero(scope, node.Input[0], isReduced: true, depth - 1),
            "Mul" when node.Input[0] == node.Input[1] => !isStrict,
            "Pow" when Known(scope, node.Input[1]) is [var power] && power % 2 == 0 => !isStrict || First(),
            "Add" => node.Input.Any(input => IsPositiveConstant(scope, input)) || All(),
            "Clip" => Bound(scope, node, 1, "min") is { } least && (isStrict ? least > 0 : least >= 0) || First(),
            "Max" => node.Input.Any(input => Known(scope, input) is { } bound && bound.All(number => isStrict ? number > 0 : number >= 0)) || All(),
            "Mul" or "Div" or "Min" or "Sum" or "Mean" or "Concat" => All(),
            "Where" => node.Input.Skip(1).All(input => IsAtLeast(scope, input, isStrict, depth - 1)),
            "ReduceSum"
            or "ReduceMean"
            or "ReduceMax"
            or "ReduceMin"
            or "ReduceProd"
            or "Sqrt"
            or "Cast"
            or "Pow"
            or "MaxPool"
            or "AveragePool"
            or "GlobalAveragePool"
            or "GlobalMaxPool" => First(),
            _ => IsMove(node) && First(),
        };
    }

    private static bool MayBeZero(Graph scope, string value, bool isReduced, int depth)
    {
        if (depth == 0)
            return false;
        if (Known(scope, value) is { } numbers)
            return numbers.Contains(0);
        if (Producer(scope, value) is not { } node)
            return scope.TypeOf(value)?.TensorType?.ElemType is { } type && (type == (int)DataType.Bool || (isReduced && !IsFloat(type)));
        bool First(bool reduces = false) => MayBeZero(scope, node.Input[0], isReduced || reduces, depth - 1);
        return node.OpType switch
        {
            "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "And" or "Or" or "Xor" or "Not" or "IsNaN" or "IsInf" => true,
            "ReduceL1" or "ReduceL2" or "ReduceSumSquare" => true,
            "ReduceSum" or "ReduceMean" or "ReduceMax" => First(reduces: true),
            "Mul" => node.Input.Any(input => MayBeZero(scope, input, isReduced, depth - 1)),
            "Where" => node.Input.Skip(1).Any(input => MayBeZero(scope, input, isReduced, depth - 1)),
            "Clip" => Bound(scope, node, 1, "min") is not > 0 && First(),
            "Max" => !node.Input.Any(input => IsPositiveConstant(scope, input)) && node.Input.All(input => MayBeZero(scope, input, isReduced, depth - 1)),
            "Cast" or "Sqrt" or "Abs" or "Neg" or "Pow" => First(),
            _ => IsMove(node) && First(),
        };
    }

    private static bool IsMove(NodeProto node) =>
        node.OpType
            is "Identity"
                or "Dropout"
                or "Reshape"
                or "Flatten"
                or "Squeeze"
                or "Unsqueeze"
                or "Transpose"
                or "Expand"
                or "Slice"
                or "Gather"
                or "Split"
                or "Tile"
                or "Pad";

    private static NodeProto? Producer(Graph scope, string value) =>
        scope.Producer(value) is { } node && node.IsStandard() && node.Input.Count > 0 ? node : null;

    private static bool IsPositiveConstant(Graph scope, string value) => Known(scope, value) is { } numbers && numbers.All(number => number > 0);

    private static double? Bound(Graph scope, NodeProto clip, int index, string attribute) =>
        clip.Attribute(attribute) is { } given ? given.F
        : Known(scope, clip.InputAt(index)) is [var number] ? number
        : null;

    private static bool IsFloat(int type) => (DataType)type is DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double;

    // Returns whether a value is a float. A value without a declared type is a float unless its operator counts or computes truth values.
    private static bool IsFloat(Graph scope, string value) =>
        scope.TypeOf(value)?.TensorType?.ElemType is { } type
            ? IsFloat(type)
            : Producer(scope, value)
                is not {
                    OpType: "Shape"
                        or "Size"
                        or "Gather"
                        or "Equal"
                        or "Greater"
                        or "GreaterOrEqual"
                        or "Less"
                        or "LessOrEqual"
                        or "And"
                        or "Or"
                        or "Not"
                        or "ArgMax"
                        or "NonZero"
                };

    private static double[]? Known(Graph scope, string value)
    {
        if (value.Length == 0 || !scope.TryGetConstant(value, out var tensor) || tensor.RawData.IsEmpty)
            return null;
        return (DataType)tensor.DataType switch
        {
            DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double => Array.ConvertAll(tensor.ToFloats(), number => (double)number),
            DataType.Int64 => Array.ConvertAll(tensor.Span<long>().ToArray(), number => (double)number),
            DataType.Int32 => Array.ConvertAll(tensor.Span<int>().ToArray(), number => (double)number),
            DataType.Bool => Array.ConvertAll(tensor.RawData.ToByteArray(), number => (double)number),
            _ => null,
        };
    }
}
