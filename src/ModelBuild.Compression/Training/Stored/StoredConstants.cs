using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// The constants of a model that store weights in another form than float32. Each is replaced in the training graph by a float32 constant, which training may
/// change, and is converted back afterwards.
/// </summary>
/// <param name="graph">The main graph of the copy that is trained.</param>
/// <param name="keepsZeros">Whether codes that are zero stay zero, because a step before removed these weights.</param>
internal sealed class StoredConstants(Graph graph, bool keepsZeros)
{
    private const double SmallestUnit = 1e-12;

    private readonly Dictionary<string, CodedValue> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScaleValue> _scales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _aliases = new(StringComparer.Ordinal);
    private readonly List<TrainedValue> _values = [];

    /// <summary>The values that training may change, in the order in which they were found.</summary>
    public IReadOnlyList<TrainedValue> Values => _values;

    /// <summary>The main graph of the copy that is trained.</summary>
    public Graph Graph => graph;

    /// <summary>Returns the name of the float32 constant that replaces a constant of codes.</summary>
    /// <param name="name">The constant of codes.</param>
    /// <param name="format">The form in which it stores them.</param>
    /// <param name="shape">The shape of the float32 constant.</param>
    /// <param name="scales">The scales of the codes.</param>
    public string Codes(string name, CodeFormat format, long[] shape, ReadOnlySpan<float> scales)
    {
        if (_codes.TryGetValue(name, out var known))
            return known.Input.Name;
        var values = format.Read(graph.Constant(name));
        var input = new Parameter(graph.FreshName($"{name} codes"), shape, values);
        var sum = 0.0;
        foreach (var scale in scales)
            sum += Math.Abs(scale);
        var zeros = keepsZeros ? KeptZeros.All(input) : KeptZeros.None;
        _codes[name] = Add(new CodedValue(format, input, (float)Math.Max(sum / Math.Max(1, scales.Length), SmallestUnit), zeros));
        graph.AddInitializer(Tensors.Create(input.Name, shape, values));
        return input.Name;
    }

    /// <summary>Returns whether a constant of zero points holds zeros, or is left out.</summary>
    public bool AreZero(string zeroPoints) =>
        zeroPoints.Length == 0 || (graph.TryGetConstant(zeroPoints, out var tensor) && tensor.RawData.Span.IndexOfAnyExcept((byte)0) < 0);

    /// <summary>Treats two constants of equal scales as the same constant.</summary>
    public void Alias(string name, string other)
    {
        if (!_aliases.TryGetValue(name, out var all))
            _aliases[name] = all = [];
        all.Add(other);
    }

    /// <summary>Returns the scales that a float32 constant of the model holds.</summary>
    public ScaleValue Scales(string name)
    {
        if (_scales.TryGetValue(name, out var known))
            return known;
        var tensor = graph.Constant(name);
        var input = new Parameter(name, [.. tensor.Dims], tensor.ToFloats());
        return _scales[name] = Add(new ScaleValue([name, .. _aliases.GetValueOrDefault(name, [])], DataType.Float, input));
    }

    /// <summary>Replaces a float16 constant that only a Cast reads by a float32 constant, which has the name of the output of the Cast.</summary>
    /// <param name="cast">The Cast.</param>
    /// <param name="isScale">Whether the constant holds scales of codes.</param>
    public void Halves(NodeProto cast, bool isScale)
    {
        var (name, output) = (cast.Input[0], cast.Output[0]);
        var tensor = graph.Constant(name);
        var input = new Parameter(output, [.. tensor.Dims], tensor.ToFloats());
        graph.Remove(cast);
        graph.AddInitializer(Tensors.Create(output, input.Shape, input.Values.ToArray()));
        if (isScale)
            _scales[output] = Add(new ScaleValue([name], DataType.Float16, input));
        else
            Add(new HalfValue(name, input));
    }

    /// <summary>Adds a value that training may change.</summary>
    public T Add<T>(T value)
        where T : TrainedValue
    {
        _values.Add(value);
        return value;
    }

    /// <summary>Adds a node of the ONNX domain with one output, before all other nodes or before another node.</summary>
    /// <param name="before">The node that reads the output.</param>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The name of the output.</returns>
    public string Emit(NodeProto before, string opType, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var name = graph.FreshName($"{before.Output[0]} {opType}");
        graph.InsertBefore(before, Nodes.Create(opType, inputs, [name], name, attributes: attributes));
        return name;
    }

    /// <summary>Adds a constant to the graph, and returns its name.</summary>
    public string Constant(string hint, Func<string, TensorProto> create)
    {
        var name = graph.FreshName(hint);
        graph.AddInitializer(create(name));
        return name;
    }

    /// <summary>Adds a Reshape to a fixed shape, and returns the name of its output.</summary>
    public string Reshape(NodeProto before, string value, long[] shape) =>
        Emit(before, "Reshape", [value, Constant("shape", name => Tensors.Create(name, [shape.Length], shape))]);
}
