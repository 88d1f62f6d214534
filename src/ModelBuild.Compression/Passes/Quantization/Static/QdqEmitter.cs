using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Writes the quantization into the graph: QuantizeLinear and DequantizeLinear around the nodes that compute in integers (ONNX's QDQ form), weights as codes
/// with DequantizeLinear, biases in int32. The output of DequantizeLinear has the original name of a value, so the readers of the value do not change.
/// </summary>
/// <param name="main">The graph.</param>
/// <param name="integer">The nodes that compute in integers.</param>
/// <param name="rounding">The positions at which the results are rounded.</param>
/// <param name="ranges">The values whose ranges are used.</param>
/// <param name="rules">The quantization rules of operators.</param>
/// <param name="settings">Returns the settings of each node.</param>
/// <param name="observed">Returns the range of a value, for the form that it is quantized in.</param>
internal sealed class QdqEmitter(
    Graph main,
    IReadOnlySet<NodeProto> integer,
    RoundingPoints rounding,
    ActivationRanges ranges,
    OperatorRules rules,
    Func<NodeProto, LayerSettings> settings,
    Func<string, ActivationForm, (float Min, float Max)> observed
)
{
    private const int FirstOpset = 13;
    private const int FirstWideOpset = 21;

    private readonly Dictionary<(string Source, ActivationForm Form), Parameters> _parameters = [];
    private readonly Dictionary<(string Value, ActivationForm Form), string> _inputs = [];
    private readonly Dictionary<(IntegerType Type, int Code), string> _limits = [];
    private readonly Dictionary<string, QuantizedResult> _results = new(StringComparer.Ordinal);
    private readonly QdqWeights _weights = new(main);
    private readonly List<Func<QuantizedLayer>> _layers = [];

    private sealed record Parameters(Affine Map, string Scale, string ZeroPoint);

    /// <summary>The results of the quantized nodes, by the name of the value.</summary>
    public IReadOnlyDictionary<string, QuantizedResult> Results => _results;

    /// <summary>Writes the quantization into the graph, and returns functions that create the quantized layers.</summary>
    /// <returns>The layers, in topological order.</returns>
    public IReadOnlyList<Func<QuantizedLayer>> Emit()
    {
        // The rounding of all nodes is determined before any node is rewritten, because it is found by the names of values, which the rewrites change.
        var nodes = main.Nodes.Where(node => integer.Contains(node) && !rounding.Kept.Contains(node)).ToArray();
        var rounded = nodes.ToDictionary(node => node, rounding.Of);
        foreach (var node in nodes)
            if (rules.Role(node) == QuantizedRole.Clamp)
                RemoveClamp(node);
            else
                Quantize(node, rounded[node]);
        return _layers;
    }

    private void RemoveClamp(NodeProto clamp)
    {
        // A clamp is replaced by a quantizer, which limits the values in the same way. The dequantized value gets the name of the clamp's output, so that its
        // readers keep their inputs.
        var (input, output) = (clamp.Input[0], clamp.Output[0]);
        var dequantize = main.Producer(input)!;
        main.Remove(clamp);
        main.SetOutput(dequantize, 0, output);
        _results[output] = _results[input];
        _results.Remove(input);
        foreach (var key in _inputs.Keys.Where(key => key.Value == input).ToArray())
        {
            _inputs.Remove(key);
            _inputs[(output, key.Form)] = output;
        }
    }

    private void Quantize(NodeProto node, NodeProto? rounded)
    {
        var form = settings(node).Form;
        var source = node.Clone();
        foreach (var index in OperatorRules.Activations(node).ToArray())
            main.SetInput(node, index, Input(node.Input[index], form));
        if (rules.Role(node) == QuantizedRole.Layer)
            QuantizeWeights(node, source);
        if (rounded != node)
            _results[node.Output[0]] = new QuantizedResult(node.Name, node.Output[0], null);
        for (var i = 0; i < rounded?.Output.Count; i++)
            QuantizeOutput(rounded, i, form);
    }

    private string Input(string value, ActivationForm form)
    {
        if (_inputs.TryGetValue((value, form), out var known))
            return known;
        if (main.TryGetConstant(value, out var constant))
            return _inputs[(value, form)] = Constant(value, constant, form);
        var parameters = For(value, form);
        var (codes, real) = (main.FreshName($"{value}_codes"), main.FreshName($"{value}_real"));
        var pair = Pair(value, codes, real, parameters);
        if (main.Producer(value) is { } producer)
            main.InsertAfter(producer, pair);
        else
            main.InsertBefore(main.Nodes[0], pair);
        return _inputs[(value, form)] = real;
    }

    private string Constant(string value, TensorProto constant, ActivationForm form)
    {
        var floats = constant.ToFloats();
        var map = Affine.Cover(form.Type, floats.DefaultIfEmpty().Min(), floats.DefaultIfEmpty().Max(), form.IsSymmetric);
        var parameters = Add(value, map);
        var (codes, real) = (main.FreshName($"{value}_codes"), main.FreshName($"{value}_real"));
        main.AddInitializer(Tensors.Create(codes, form.Type.Element, [.. constant.Dims], form.Type.Bytes(Array.ConvertAll(floats, map.Code))));
        main.InsertBefore(main.Nodes[0], Quantizer("DequantizeLinear", codes, parameters, real));
        return real;
    }

    private void QuantizeOutput(NodeProto node, int index, ActivationForm form)
    {
        var value = node.Output[index];
        var parameters = For(value, form);
        var (raw, codes) = (main.FreshName($"{value}_raw"), main.FreshName($"{value}_codes"));
        main.SetOutput(node, index, raw);
        main.InsertAfter(node, Pair(raw, codes, value, parameters));
        _results[value] = new QuantizedResult(node.Name, raw, codes);
        // A value that is already quantized and dequantized in this form is stored, so that readers that need the same form use it directly.
        _inputs[(value, form)] = value;
    }

    private void QuantizeWeights(NodeProto node, NodeProto source)
    {
        var set = settings(node);
        var scale = main.Producer(node.Input[0])!.Input[1];
        var input = _parameters.Values.First(candidate => candidate.Scale == scale).Map.Scale;
        if (_weights.Quantize(node, source, set, input, Domain(set.Weights)) is { } layer)
            _layers.Add(layer);
    }

    private Parameters For(string value, ActivationForm form)
    {
        var sources = ranges.Sources(value);
        var first = sources.First();
        if (_parameters.TryGetValue((first, form), out var known))
            return known;
        (float Min, float Max)[] all = [.. sources.Select(source => observed(source, form))];
        return _parameters[(first, form)] = Add(first, Affine.Cover(form.Type, all.Min(range => range.Min), all.Max(range => range.Max), form.IsSymmetric));
    }

    private Parameters Add(string value, Affine map)
    {
        var parameters = new Parameters(map, main.FreshName($"{value}_scale"), main.FreshName($"{value}_zero_point"));
        main.AddInitializer(Tensors.Create<float>(parameters.Scale, [], [map.Scale]));
        main.AddInitializer(Tensors.Create(parameters.ZeroPoint, map.Type.Element, [], map.Type.Bytes([map.ZeroPoint])));
        return parameters;
    }

    // Creates the nodes that quantize and dequantize a value. A quantizer limits values to the codes of the element type. If fewer codes are allowed, a Clip of
    // integers limits them.
    private NodeProto[] Pair(string value, string codes, string real, Parameters parameters)
    {
        var quantize = Quantizer("QuantizeLinear", value, parameters, codes);
        var type = parameters.Map.Type;
        if (!type.IsNarrow)
            return [quantize, Quantizer("DequantizeLinear", codes, parameters, real)];
        var limited = main.FreshName($"{codes}_limited");
        var clip = Nodes.Create("Clip", [codes, Limit(type, type.Min), Limit(type, type.Max)], [limited]);
        return [quantize, clip, Quantizer("DequantizeLinear", limited, parameters, real)];
    }

    private string Limit(IntegerType type, int code)
    {
        if (_limits.TryGetValue((type, code), out var known))
            return known;
        var name = main.FreshName($"code_{code}");
        main.AddInitializer(Tensors.Create(name, type.Element, [], type.Bytes([code])));
        return _limits[(type, code)] = name;
    }

    private NodeProto Quantizer(string op, string input, Parameters parameters, string output) =>
        Nodes.Create(op, [input, parameters.Scale, parameters.ZeroPoint], [output], domain: Domain(parameters.Map.Type));

    // Returns the domain of the quantizing operators. Older opsets do not support a scale for each channel or 16 bits, while ONNX Runtime's contributed
    // operators do in any opset.
    private string Domain(IntegerType type)
    {
        if (main.Model.Opset() >= (type.IsWide ? FirstWideOpset : FirstOpset))
            return "";
        main.Model.ImportOpset(Domains.Microsoft, 1);
        return Domains.Microsoft;
    }
}
