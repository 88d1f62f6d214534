using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// Adds to a graph the nodes that compute the gradients of some of its values by reverse-mode differentiation. The nodes are standard ONNX operators. Where
/// an operator has no gradient, the differentiation stops, and values that only reach the loss through such nodes get no gradient.
/// </summary>
internal sealed class BackwardGraph
{
    private readonly IReadOnlyDictionary<string, InferredTensor> _shapes;
    private readonly Dictionary<string, List<string>> _terms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly List<StoppedNode> _stopped = [];
    private readonly List<ConvWeightGradient> _convWeights = [];

    private BackwardGraph(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes) => (Graph, _shapes) = (graph, shapes);

    /// <summary>The graph to which the nodes are added.</summary>
    public Graph Graph { get; }

    /// <summary>Adds the nodes that compute the gradients of a scalar.</summary>
    /// <param name="graph">The main graph of a model.</param>
    /// <param name="loss">The name of the scalar.</param>
    /// <param name="values">The names of float32 values whose gradients are needed: initializers, inputs or node outputs.</param>
    /// <param name="shapes">The types and shapes of all values of the graph.</param>
    public static Gradients Append(Graph graph, string loss, IReadOnlyCollection<string> values, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        var backward = new BackwardGraph(graph, shapes);
        var path = backward.FindPath(values);
        backward.Add(loss, backward.Number(1));
        foreach (var node in Enumerable.Reverse(path))
            backward.Differentiate(node);
        var gradients = values
            .Select(value => (Value: value, Gradient: backward.Gradient(value)))
            .Where(pair => pair.Gradient is not null)
            .ToDictionary(pair => pair.Value, pair => pair.Gradient!, StringComparer.Ordinal);
        return new Gradients(gradients, backward._stopped, backward._convWeights);
    }

    /// <summary>Returns whether the gradient of a value is needed.</summary>
    public bool Needs(string value) => _needed.Contains(value);

    /// <summary>Adds a term to the gradient of a value.</summary>
    public void Add(string value, string gradient)
    {
        if (!_terms.TryGetValue(value, out var terms))
            _terms[value] = terms = [];
        terms.Add(gradient);
    }

    /// <summary>Notes a gradient of the weights of a convolution.</summary>
    public void Note(ConvWeightGradient gradient) => _convWeights.Add(gradient);

    /// <summary>Returns the gradient of a value: the sum of its terms; null if there is none.</summary>
    public string? Gradient(string value)
    {
        if (!_terms.TryGetValue(value, out var terms))
            return null;
        if (terms.Count > 1)
        {
            var sum = Name(value);
            Graph.Append(Nodes.Create(terms.Count == 2 ? "Add" : "Sum", terms, [sum], sum));
            _terms[value] = terms = [sum];
        }

        return terms[0];
    }

    /// <summary>Adds a node with some outputs.</summary>
    /// <param name="of">The node of the forward graph that it belongs to.</param>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">The names of the inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="domain">The domain of the operator.</param>
    /// <param name="attributes">The attributes.</param>
    public string[] Emit(NodeProto of, string opType, IEnumerable<string> inputs, int outputs, string domain, (string Name, object Value)[] attributes)
    {
        if (!Domains.IsStandard(domain))
            Graph.Model.ImportOpset(domain, 1);
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Name(of.Output[0]))];
        Graph.Append(Nodes.Create(opType, inputs, names, names[0], domain, attributes));
        return names;
    }

    /// <summary>Returns a constant vector of int64. Equal vectors are one constant.</summary>
    public string Integers(long[] values) => Constant($"[{string.Join(',', values)}]", name => Tensors.Create(name, [values.Length], values));

    /// <summary>Returns a constant float32 scalar. Equal numbers are one constant.</summary>
    public string Number(float value) => Constant(value.ToString("R", CultureInfo.InvariantCulture), name => Tensors.Create(name, [], new[] { value }));

    /// <summary>Returns a constant float32 tensor.</summary>
    public string Floats(long[] shape, float[] values)
    {
        var name = Graph.FreshName("constant");
        Graph.AddInitializer(Tensors.Create(name, shape, values));
        return name;
    }

    /// <summary>Adds nodes without a gradient to those that are reported.</summary>
    public void Stop(IEnumerable<StoppedNode> nodes) => _stopped.AddRange(nodes);

    /// <summary>Returns what is known of a value; null if nothing is.</summary>
    public InferredTensor? Describe(string value) =>
        Graph.TryGetConstant(value, out var constant) ? new InferredTensor((DataType)constant.DataType, [.. constant.Dims]) : _shapes.GetValueOrDefault(value);

    /// <summary>Returns the element type of a value.</summary>
    public DataType Type(string value) => Describe(value)?.Type ?? DataType.Undefined;

    /// <summary>Returns the sizes of a value; null if its rank is unknown.</summary>
    public long[]? Sizes(string value) => Describe(value) is { IsRankKnown: true } tensor ? tensor.Shape : null;

    /// <summary>Returns whether two dimensions are known to be equal.</summary>
    public bool AreEqual(string one, int axis, string other, int otherAxis)
    {
        if (otherAxis < 0 || Describe(one) is not { IsRankKnown: true } a || Describe(other) is not { IsRankKnown: true } b)
            return false;
        if (a.Shape[axis] >= 0 || b.Shape[otherAxis] >= 0)
            return a.Shape[axis] == b.Shape[otherAxis];
        return a.Symbols.ElementAtOrDefault(axis) is { Length: > 0 } symbol && symbol == b.Symbols.ElementAtOrDefault(otherAxis);
    }

    private string Constant(string key, Func<string, TensorProto> create)
    {
        if (_constants.TryGetValue(key, out var name))
            return name;
        name = _constants[key] = Graph.FreshName($"constant {key}");
        Graph.AddInitializer(create(name));
        return name;
    }

    private string Name(string value) => Graph.FreshName($"gradient of {value}");

    // Returns the nodes between the values and any later value through which a gradient can flow, in the order of the graph.
    private List<NodeProto> FindPath(IEnumerable<string> values)
    {
        _needed.UnionWith(values);
        var path = new List<NodeProto>();
        foreach (var node in Graph.Nodes.ToArray())
        {
            if (!CapturedValues.WithInputs(node).Any(_needed.Contains) || GradientCatalog.IsConstant(node))
                continue;
            if (WhyNot(node) is { } reason)
            {
                _stopped.Add(new StoppedNode(node, reason));
                continue;
            }

            path.Add(node);
            _needed.UnionWith(node.Output.Where(output => output.Length > 0 && Type(output) == DataType.Float));
        }

        return path;
    }

    private string? WhyNot(NodeProto node) =>
        GradientCatalog.Find(node) is not { } gradient ? "its operator has no gradient" : gradient.WhyNot(new GradientNode(this, node));

    private void Differentiate(NodeProto node)
    {
        if (!node.Output.Any(_terms.ContainsKey))
            return;
        try
        {
            GradientCatalog.Find(node)!.Differentiate(new GradientNode(this, node));
        }
        catch (NoGradientException exception)
        {
            _stopped.Add(new StoppedNode(node, exception.Message));
        }
    }
}
