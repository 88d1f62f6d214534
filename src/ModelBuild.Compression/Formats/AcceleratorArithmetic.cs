using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Formats;

/// <summary>
/// Simulates the arithmetic of accelerators on the CPU for models with 16-bit floats: products and sums are computed in float32, and each result is rounded
/// to 16 bits. The CPU provider of ONNX Runtime has little 16-bit arithmetic. It computes float16 graphs completely in float32, so that no value overflows,
/// and refuses bfloat16.
/// </summary>
internal static class AcceleratorArithmetic
{
    /// <summary>
    /// Opens a model so that its 16-bit floats round as on an accelerator. A model without 16-bit floats is opened by <see cref="Sessions.Open"/>.
    /// </summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public static InferenceSession Open(string path)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = true });
        if (Format(model) is null)
            return Sessions.Open(path);
        Apply(model);
        return Sessions.OpenPortable(model);
    }

    /// <summary>
    /// Rewrites a model in place so that it computes in float32 and rounds each result to 16 bits. Its 16-bit inputs and outputs become float32.
    /// </summary>
    public static void Apply(OnnxModel model)
    {
        if (Format(model) is not { } format)
            return;
        // The IR version becomes at least 4. Before this version weights are also inputs of the graph, whose types would have to change too.
        model.Proto.IrVersion = Math.Max(4, model.Proto.IrVersion);
        var main = new Graph(model);
        var narrow = NarrowOutputs(model, main);
        foreach (var scope in main.SelfAndSubgraphs().ToArray())
        {
            WidenConstants(scope);
            foreach (var input in scope.Parent is null ? scope.Proto.Input.Where(input => IsNarrow(input.Type?.TensorType?.ElemType)).ToArray() : [])
                RoundInput(scope, input.Name, format);
            foreach (var info in scope.Proto.Input.Concat(scope.Proto.Output).Concat(scope.Proto.ValueInfo))
                if (info.Type?.TensorType is { } tensor && IsNarrow(tensor.ElemType))
                    tensor.ElemType = (int)DataType.Float;
        }

        foreach (var (scope, node, index) in narrow)
            RoundOutput(scope, node, index, format);
    }

    private static NarrowFloat? Format(OnnxModel model)
    {
        var types = model
            .Tensors()
            .Select(tensor => tensor.DataType)
            .Concat(model.Proto.Graph.Input.Concat(model.Proto.Graph.Output).Select(info => info.Type?.TensorType?.ElemType ?? 0))
            .Concat(new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Where(node => node.Is("Cast")).Select(node => (int)node.GetInt("to")))
            .Distinct()
            .ToArray();
        return types.Contains((int)DataType.Bfloat16) ? NarrowFloat.Bfloat16
            : types.Contains((int)DataType.Float16) ? NarrowFloat.Float16
            : null;
    }

    // Returns the outputs of nodes that have a 16-bit type and must be rounded. Operators that only move values need no rounding, because their inputs are
    // rounded.
    private static (Graph Scope, NodeProto Node, int Index)[] NarrowOutputs(OnnxModel model, Graph main)
    {
        var twin = new Graph(AsFloat16(model));
        var types = new ValueTypes(twin);
        return
        [
            .. main.SelfAndSubgraphs()
                .Zip(twin.SelfAndSubgraphs())
                .SelectMany(scopes => scopes.First.Nodes.Select(node => (Scope: scopes.First, Twin: scopes.Second, Node: node)))
                .Where(place =>
                    !place.Node.Is("Constant")
                    && (place.Node.Is("Cast") || NarrowOperators.Find(place.Node)?.Kind != OperatorKind.Move)
                    && place.Node.Attribute.All(attribute => attribute.G is null)
                )
                .SelectMany(place =>
                    place
                        .Node.Output.Index()
                        .Where(output => output.Item.Length > 0 && IsNarrow((int?)types.Of(place.Twin, output.Item)))
                        .Select(output => (place.Scope, place.Node, output.Index))
                ),
        ];
    }

    /// <summary>
    /// Returns a copy of a model with float16 instead of bfloat16, because ONNX Runtime loads float16 graphs and can infer their types and shapes. Each node
    /// and value has the same position as in the model.
    /// </summary>
    public static OnnxModel AsFloat16(OnnxModel model)
    {
        var twin = model.Clone();
        foreach (var tensor in twin.Tensors().Where(tensor => tensor.DataType == (int)DataType.Bfloat16))
            tensor.DataType = (int)DataType.Float16;
        foreach (var scope in new Graph(twin).SelfAndSubgraphs())
        {
            foreach (var info in scope.Proto.Input.Concat(scope.Proto.Output).Concat(scope.Proto.ValueInfo))
                if (info.Type?.TensorType is { ElemType: (int)DataType.Bfloat16 } tensor)
                    tensor.ElemType = (int)DataType.Float16;
            foreach (var node in scope.Nodes.Where(node => node.Is("Cast") && node.GetInt("to") == (long)DataType.Bfloat16))
                node.SetAttribute("to", (long)DataType.Float16);
        }

        return twin;
    }

    private static void WidenConstants(Graph scope)
    {
        foreach (var tensor in scope.Proto.Initializer.Where(tensor => IsNarrow(tensor.DataType)).ToArray())
        {
            var (name, stored) = (tensor.Name, scope.FreshName($"{tensor.Name}_stored"));
            scope.RemoveInitializer(name);
            scope.AddInitializer(tensor.WithName(stored));
            Prepend(scope, Cast(stored, name, DataType.Float));
        }

        foreach (var node in scope.Nodes.Where(node => node.Is("ConstantOfShape") && IsNarrow(node.GetTensor("value")?.DataType)))
            node.SetAttribute("value", Tensors.Create("", [1], node.GetTensor("value")!.ToFloats()));
        foreach (var node in scope.Nodes.Where(node => node.Is("Constant") && IsNarrow(node.GetTensor("value")?.DataType)).ToArray())
        {
            var (name, stored) = (node.Output[0], scope.FreshName($"{node.Output[0]}_stored"));
            scope.SetOutput(node, 0, stored);
            scope.InsertAfter(node, Cast(stored, name, DataType.Float));
        }
    }

    private static void RoundInput(Graph scope, string input, NarrowFloat format)
    {
        var (narrow, rounded) = (scope.FreshName($"{input}_narrow"), scope.FreshName($"{input}_rounded"));
        scope.ReplaceUses(input, rounded);
        Prepend(scope, Cast(input, narrow, format.Type), Cast(narrow, rounded, DataType.Float));
    }

    private static void RoundOutput(Graph scope, NodeProto node, int index, NarrowFloat format)
    {
        var (name, result, narrow) = (node.Output[index], scope.FreshName($"{node.Output[index]}_wide"), scope.FreshName($"{node.Output[index]}_narrow"));
        if (node.Is("Cast"))
        {
            // A Cast node needs no rounding of its result, because the conversion to the 16-bit type rounds. Its result is only converted back to float32.
            scope.SetOutput(node, 0, narrow);
            scope.InsertAfter(node, Cast(narrow, name, DataType.Float));
            return;
        }

        scope.SetOutput(node, index, result);
        scope.InsertAfter(node, Cast(result, narrow, format.Type), Cast(narrow, name, DataType.Float));
    }

    private static void Prepend(Graph scope, params NodeProto[] nodes)
    {
        if (scope.Nodes.Count == 0)
            nodes.ToList().ForEach(scope.Append);
        else
            scope.InsertBefore(scope.Nodes[0], nodes);
    }

    private static NodeProto Cast(string input, string output, DataType type) => Nodes.Create("Cast", [input], [output], attributes: ("to", (long)type));

    private static bool IsNarrow(int? type) => type is (int)DataType.Float16 or (int)DataType.Bfloat16;
}
