namespace ModelBuild.Onnx;

/// <summary>
/// Upgrades a model of ONNX opset 12 to opset 13. The axes of <c>Squeeze</c>, <c>Unsqueeze</c> and <c>ReduceSum</c> and the sizes of <c>Split</c> become
/// inputs. <c>Softmax</c>, <c>LogSoftmax</c> and <c>Hardmax</c> normalize all dimensions from their axis on up to opset 12, and only the axis itself from opset
/// 13 on (ONNX operator changelog).
/// </summary>
internal static class AxesInputUpgrade
{
    /// <summary>The opset version of a model after the upgrade from opset 12.</summary>
    public const long Target = 13;

    /// <summary>Upgrades a model of opset 12. The outputs of the model do not change.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static void Apply(Graph main)
    {
        if (main.Model.Opset() >= Target)
            return;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.IsStandard()).ToArray())
            Rewrite(scope, node);
        main.Model.ImportOpset("", Target);
    }

    private static void Rewrite(Graph scope, NodeProto node)
    {
        switch (node.OpType)
        {
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                MoveToInput(scope, node, "axes");
                break;
            case "Split":
                MoveToInput(scope, node, "split");
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax":
                Normalize(scope, node);
                break;
        }
    }

    private static void MoveToInput(Graph scope, NodeProto node, string attribute)
    {
        if (node.GetInts(attribute) is not { } values)
            return;
        var name = scope.FreshName($"{node.Output[0]}_{attribute}");
        scope.AddInitializer(Tensors.Create(name, [values.Length], values));
        scope.SetInput(node, 1, name);
        node.RemoveAttribute(attribute);
    }

    private static void Normalize(Graph scope, NodeProto node)
    {
        var axis = node.GetInt("axis", 1);
        if (!IsOneAxis(scope.TypeOf(node.Input[0])?.TensorType?.Shape, axis))
            Flatten(scope, node, axis);
        else
            node.SetAttribute("axis", axis);
    }

    // Returns whether all dimensions after an axis have the size 1, so that normalizing them together is the same as normalizing the axis alone.
    private static bool IsOneAxis(TensorShapeProto? shape, long axis)
    {
        if (axis == -1)
            return true;
        if (shape is null)
            return false;
        var first = (int)(axis < 0 ? axis + shape.Dim.Count : axis);
        return first >= 0 && shape.Dim.Skip(first + 1).All(size => size is { HasDimValue: true, DimValue: 1 }) && first < shape.Dim.Count;
    }

    private static void Flatten(Graph scope, NodeProto node, long axis)
    {
        var (input, output) = (node.Input[0], node.Output[0]);
        var (shape, flat, result) = (scope.FreshName($"{output}_shape"), scope.FreshName($"{output}_flat"), scope.FreshName($"{output}_rows"));
        scope.Replace(
            node,
            Nodes.Create("Shape", [input], [shape], shape),
            Nodes.Create("Flatten", [input], [flat], flat, attributes: ("axis", axis)),
            Nodes.Create(node.OpType, [flat], [result], node.Name, attributes: ("axis", -1L)),
            Nodes.Create("Reshape", [result, shape], [output], scope.FreshName($"{output}_reshape"))
        );
    }
}
