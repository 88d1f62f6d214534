using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.ControlFlow;

/// <summary>
/// The gradient of If: another If with the same condition. Each of its branches computes the values of the branch again, and then the gradients of the values
/// that the branches read from outside. A value that only the other branch reads has zeros as its gradient.
/// </summary>
internal sealed class IfGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        string[] values = [.. CapturedValues.Of(node.Node).Distinct(StringComparer.Ordinal).Where(node.Backward.Needs)];
        var outputs = node
            .Node.Output.Index()
            .Select(output => (output.Index, Gradient: node.FindGradient(output.Index)))
            .Where(output => output.Gradient is not null)
            .Select(output => (output.Index, output.Gradient!))
            .ToArray();
        var branches = node
            .Node.Attribute.Zip(node.Backward.Graph.Subgraphs(node.Node))
            .Select(branch => (branch.First.Name, (object)Branch(node, branch.Second, outputs, values)))
            .ToArray();
        foreach (var (value, gradient) in values.Zip(node.EmitAll("If", [node.Input(0)], values.Length, "", branches)))
            node.Backward.Add(value, gradient);
    }

    // Returns the graph of the gradients of a branch. The branch becomes a model of its own, which has the gradients of its outputs as inputs.
    private static GraphProto Branch(GradientNode node, Graph scope, (int Index, string Gradient)[] outputs, string[] values)
    {
        var model = ScopeModel.Of(scope, node.Backward.Describe) ?? throw new NoGradientException("the type of a value in a branch is not known");
        var own = scope.Proto.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var constants = model.Proto.Graph.Initializer.Select(tensor => tensor.Name).Where(name => !own.Contains(name));
        var outside = model.Proto.Graph.Input.Select(input => input.Name).Concat(constants).ToHashSet(StringComparer.Ordinal);
        var graph = new Graph(model);
        var shapes = Shapes(model, node.Backward.Describe);
        foreach (var (index, gradient) in outputs.DistinctBy(output => output.Gradient))
        {
            outside.Add(gradient);
            shapes[gradient] = node.Backward.Describe(node.Output(index)) ?? throw new NoGradientException("the type of its output is not known");
            graph.AddInput(shapes[gradient].Declare(gradient));
        }

        var ends = outputs.Select(output => (scope.Proto.Output[output.Index].Name, output.Gradient)).ToArray();
        var gradients = BackwardGraph.Append(graph, node.Backward.Catalog, ends, [.. values.Where(outside.Contains)], shapes);
        node.Backward.Stop(gradients.Stopped);
        foreach (var value in gradients.Frozen)
            node.Backward.Freeze(value);
        graph.SetOutputs(values.Select(value => Output(graph, value, gradients.Of.GetValueOrDefault(value))).ToArray());
        return InnerGraph.Of(graph, outside, node.Backward.Graph);
    }

    // ONNX allows a branch neither to list a value twice among its outputs nor to return a value of an outer graph. Therefore each output is a new node: a
    // copy of the gradient, or zeros if there is none.
    private static string Output(Graph graph, string value, string? gradient)
    {
        if (gradient is not null)
            return Append(graph, "Identity", gradient);
        return Append(graph, "ConstantOfShape", Append(graph, "Shape", value));
    }

    private static string Append(Graph graph, string opType, params string[] inputs)
    {
        var name = graph.FreshName("branch");
        graph.Append(Nodes.Create(opType, inputs, [name], name));
        return name;
    }

    // Returns the shapes of all values of a branch. If all inputs have fixed sizes, a run shows the ranks that are not inferred, such as that of the output of
    // an If inside.
    private static Dictionary<string, InferredTensor> Shapes(OnnxModel model, Func<string, InferredTensor?> describe)
    {
        var inputs = model
            .Proto.Graph.Input.Select(input => (input.Name, Tensor: describe(input.Name)))
            .Where(input => input.Tensor is not null)
            .ToDictionary(input => input.Name, input => input.Tensor!, StringComparer.Ordinal);
        var known = inputs.Where(input => input.Value is { IsRankKnown: true, Elements: not null });
        var sizes = known.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal);
        var inferred = RankInference.DescribeOutputs(model, sizes);
        if (inferred.Count == 0)
            inferred = RankInference.DescribeOutputs(Opened(model, inputs), new Dictionary<string, long[]>());
        var shapes = new Dictionary<string, InferredTensor>(inferred, StringComparer.Ordinal);
        foreach (var (name, tensor) in inputs)
            shapes[name] = tensor;
        return shapes;
    }

    // Returns a copy of the branch's model with dynamic input sizes. Shape inference with the actual sizes fails for a branch that cannot run with them, such
    // as a Squeeze of an axis with several elements.
    private static OnnxModel Opened(OnnxModel model, Dictionary<string, InferredTensor> inputs)
    {
        var copy = model.Clone();
        foreach (var input in copy.Proto.Graph.Input.Where(input => inputs.ContainsKey(input.Name)))
            input.Type = inputs[input.Name].Open().Declare(input.Name).Type;
        return copy;
    }
}
