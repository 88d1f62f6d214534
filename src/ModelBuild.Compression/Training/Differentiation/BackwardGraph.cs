using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// Adds to a graph the nodes that compute the gradients of some of its values by reverse-mode differentiation. The nodes are standard ONNX operators. Where an
/// operator has no gradient, the differentiation stops, and values from which any path to the loss leads through such a node get no gradient.
/// </summary>
internal sealed class BackwardGraph
{
    private readonly IReadOnlyDictionary<string, InferredTensor> _shapes;
    private readonly GradientPath _path;
    private readonly Dictionary<string, List<string>> _terms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly List<StoppedNode> _stopped = [];
    private readonly List<ConvWeightGradient> _convWeights = [];

    private BackwardGraph(
        Graph graph,
        IGradientCatalog catalog,
        IEnumerable<string> ends,
        IEnumerable<string> values,
        IReadOnlyDictionary<string, InferredTensor> shapes
    )
    {
        (Graph, Catalog, _shapes) = (graph, catalog, PoolEnds.Correct(graph, shapes));
        _path = new GradientPath(this, ends, values);
    }

    /// <summary>The graph to which the nodes are added.</summary>
    public Graph Graph { get; }

    /// <summary>The catalogue of the gradients of operators.</summary>
    public IGradientCatalog Catalog { get; }

    /// <summary>Adds the nodes that compute the gradients of a scalar.</summary>
    /// <param name="graph">The main graph of a model.</param>
    /// <param name="catalog">The gradients of operators.</param>
    /// <param name="loss">The name of the scalar.</param>
    /// <param name="values">The names of float32 values whose gradients are needed: initializers, inputs or node outputs.</param>
    /// <param name="shapes">The types and shapes of all values of the graph.</param>
    public static Gradients Append(
        Graph graph,
        IGradientCatalog catalog,
        string loss,
        IReadOnlyCollection<string> values,
        IReadOnlyDictionary<string, InferredTensor> shapes
    )
    {
        var backward = new BackwardGraph(graph, catalog, [loss], values, shapes);
        return backward.Differentiate([(loss, backward.Number(1))], values);
    }

    /// <summary>Adds the nodes that compute the gradients of a scalar from its gradients with respect to other values of the graph.</summary>
    /// <param name="graph">The main graph of a model.</param>
    /// <param name="catalog">The gradients of operators.</param>
    /// <param name="ends">The values whose gradients are known, with the names of the gradients.</param>
    /// <param name="values">The names of float32 values whose gradients are needed: initializers, inputs or node outputs.</param>
    /// <param name="shapes">The types and shapes of all values of the graph.</param>
    public static Gradients Append(
        Graph graph,
        IGradientCatalog catalog,
        IReadOnlyCollection<(string Value, string Gradient)> ends,
        IReadOnlyCollection<string> values,
        IReadOnlyDictionary<string, InferredTensor> shapes
    ) => new BackwardGraph(graph, catalog, ends.Select(end => end.Value), values, shapes).Differentiate(ends, values);

    /// <summary>Returns whether the gradient of a value is needed.</summary>
    public bool Needs(string value) => _path.Needs(value);

    /// <summary>Returns the node that quantizes a value of integers to which gradients flow; null for another value.</summary>
    public NodeProto? Quantizer(string value) => _path.Quantizer(value);

    /// <summary>Marks a value from which a path without a gradient leads to the loss.</summary>
    public void Freeze(string value) => _path.Freeze(value);

    /// <summary>Records that a node adds no term to the gradient of an input, because the term is zero.</summary>
    public void AddNothing(string value) => _handled.Add(value);

    /// <summary>Adds a term to the gradient of a value.</summary>
    public void Add(string value, string gradient)
    {
        _handled.Add(value);
        if (!_terms.TryGetValue(value, out var terms))
            _terms[value] = terms = [];
        terms.Add(gradient);
    }

    /// <summary>Records a gradient of the weights of a convolution that a kernel computes after the graph has run.</summary>
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

    /// <summary>Adds a node with several outputs, and returns their names.</summary>
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

    /// <summary>Returns the name of a constant vector of int64. Equal vectors are one constant.</summary>
    public string Integers(long[] values) => Constant($"[{string.Join(',', values)}]", name => Tensors.Create(name, [values.Length], values));

    /// <summary>Returns the name of a constant float32 scalar. Equal numbers are one constant.</summary>
    public string Number(float value) => Constant(value.ToString("R", CultureInfo.InvariantCulture), name => Tensors.Create(name, [], new[] { value }));

    /// <summary>Returns the name of a constant float32 tensor.</summary>
    public string Floats(long[] shape, float[] values)
    {
        var name = Graph.FreshName("constant");
        Graph.AddInitializer(Tensors.Create(name, shape, values));
        return name;
    }

    /// <summary>Adds nodes without a gradient to those that are reported.</summary>
    public void Stop(IEnumerable<StoppedNode> nodes) => _stopped.AddRange(nodes);

    /// <summary>Returns the known type and shape of a value; null if nothing is known.</summary>
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

    private Gradients Differentiate(IEnumerable<(string Value, string Gradient)> ends, IReadOnlyCollection<string> values)
    {
        var path = _path.Find();
        foreach (var (value, gradient) in ends)
            Add(value, gradient);
        foreach (var (node, stop) in path.Reverse())
            if (stop is not null)
                _stopped.Add(new StoppedNode(node, stop));
            else
                Differentiate(node);
        var gradients = values
            .Where(value => !_path.IsFrozen(value))
            .Select(value => (Value: value, Gradient: Gradient(value)))
            .Where(pair => pair.Gradient is not null)
            .ToDictionary(pair => pair.Value, pair => pair.Gradient!, StringComparer.Ordinal);
        string[] frozen = [.. values.Where(_path.IsFrozen)];
        return new Gradients(gradients, frozen, _stopped, _convWeights);
    }

    private void Differentiate(NodeProto node)
    {
        // An output of the node was found to be frozen after the path of gradients was determined, so the inputs of the node are frozen as well.
        if (node.Output.Any(_path.IsFrozen))
            _path.FreezeInputs(node);
        else if (node.Output.Any(_terms.ContainsKey))
            try
            {
                _handled.Clear();
                Catalog.Find(node)!.Differentiate(new GradientNode(this, node));
                if (node.Input.FirstOrDefault(input => Needs(input) && !_handled.Contains(input)) is { } missing)
                    throw new NoGradientException($"its input '{missing}' has no gradient");
            }
            catch (NoGradientException exception)
            {
                _stopped.Add(new StoppedNode(node, exception.Message));
                _path.FreezeInputs(node);
            }
    }
}
