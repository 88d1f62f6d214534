using System.Globalization;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Testing.Fixtures;

/// <summary>
/// Builds decoders of two layers with random weights, in the layouts that exporters of transformers write. The width is 16, in 2 heads of 8 values.
/// </summary>
public sealed class TinyDecoder
{
    private const int Layers = 2;
    private const int Heads = 2;
    private const int HeadSize = 8;
    private const int Width = Heads * HeadSize;

    /// <summary>The number of tokens of the vocabulary.</summary>
    public int Vocabulary { get; init; } = 64;

    /// <summary>Whether the model takes <c>position_ids</c> and has a learned vector for each position, as GPT-2 does.</summary>
    public bool HasPositions { get; init; }

    /// <summary>Whether keys and values of a layer are one tensor [2, batch, heads, length, size], named <c>past_0</c> and <c>present_0</c>.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Whether the model has a branch without a cache, which <c>use_cache_branch</c> selects.</summary>
    public bool IsMerged { get; init; }

    /// <summary>Whether the model also attends to the result of an encoder. It needs <see cref="IsMerged"/>.</summary>
    public bool HasEncoder { get; init; }

    /// <summary>Whether the model returns only the new entries of the cache, which no stream can continue.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The number that the random weights differ by.</summary>
    public int Seed { get; init; } = 1;

    private IEnumerable<string> Pasts => Enumerable.Range(0, Layers).SelectMany(layer => Names("past_key_values", "past", layer));

    private IEnumerable<string> Presents => Enumerable.Range(0, Layers).SelectMany(layer => Names("present", "present", layer));

    public byte[] ToBytes()
    {
        var net = new Net();
        net.OpenInput("input_ids", DataType.Int64, "batch", "sequence").OpenInput("attention_mask", DataType.Int64, "batch", "total");
        if (HasPositions)
            net.OpenInput("position_ids", DataType.Int64, "batch", "sequence");
        if (HasEncoder)
            net.OpenInput("encoder_hidden_states", "batch", "encoder", Text(Width)).OpenInput("encoder_attention_mask", DataType.Int64, "batch", "encoder");
        if (IsMerged)
            net.Input("use_cache_branch", DataType.Bool, 1);
        foreach (var past in Pasts)
            net.OpenInput(past, Shape("past", past));
        net.OpenOutput("logits", "batch", "sequence", Text(Vocabulary));
        foreach (var present in Presents)
            net.OpenOutput(present, Shape("total", present));
        Weights(net);
        if (IsMerged)
            net.If("use_cache_branch", string.Join(' ', Presents.Prepend("logits")), Branch("then_", usesCache: true), Branch("else_", usesCache: false));
        else
            Body(net, "", usesCache: true);
        return net.Build().ToBytes();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string[] Names(string separate, string stacked, int layer) =>
        IsStacked ? [$"{stacked}_{layer}"]
        : HasEncoder
            ? [$"{separate}.{layer}.decoder.key", $"{separate}.{layer}.decoder.value", $"{separate}.{layer}.encoder.key", $"{separate}.{layer}.encoder.value"]
        : [$"{separate}.{layer}.key", $"{separate}.{layer}.value"];

    private string[] Shape(string length, string name)
    {
        string[] shape = ["batch", Text(Heads), name.Contains("encoder", StringComparison.Ordinal) ? "past_encoder" : length, Text(HeadSize)];
        return IsStacked ? ["2", .. shape] : shape;
    }

    private void Weights(Net net)
    {
        net.Constant("axes0", [1], 0L).Constant("axes1", [1], 1L).Constant("axes12", [2], 1L, 2L).Constant("axes3", [1], 3L);
        net.Constant("zero", [], 0L).Constant("one", [], 1L).Constant("first", [], 0).Constant("second", [], 1);
        net.Constant("heads", [4], 0L, 0L, Heads, HeadSize).Constant("joined", [3], 0L, 0L, Width);
        net.Constant("root", [], (float)Math.Sqrt(HeadSize)).Constant("hidden", [], -10000f).Constant("shown", [], 0f);
        net.Constant("scale", [Width], [.. Enumerable.Repeat(1f, Width)]);
        Weight(net, "embedding", Vocabulary, Width);
        Weight(net, "output", Width, Vocabulary);
        if (HasPositions)
            Weight(net, "positions", 512, Width);
        for (var layer = 0; layer < Layers; layer++)
            foreach (var name in HasEncoder ? new[] { "q", "k", "v", "o", "m", "cq", "ck", "cv", "co" } : ["q", "k", "v", "o", "m"])
                Weight(net, $"w_{name}{layer}", Width, Width);
    }

    private void Weight(Net net, string name, params long[] shape) =>
        net.Constant(
            name,
            shape,
            Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed: name.Aggregate(Seed, (seed, c) => seed * 31 + c), scale: name == "output" ? 2 : 0.7)
        );

    private Net Branch(string prefix, bool usesCache)
    {
        var net = new Net();
        Body(net, prefix, usesCache);
        return net.Output([.. Presents.Prepend("logits").Select(name => prefix + name)]);
    }

    private void Body(Net net, string p, bool usesCache)
    {
        net.Node("Gather", "embedding input_ids", $"{p}x_0");
        if (HasPositions)
            net.Node("Gather", "positions position_ids", $"{p}place").Node("Add", $"{p}x_0 {p}place", $"{p}x0");
        else
            net.Node("Identity", $"{p}x_0", $"{p}x0");
        Mask(net, p);
        for (var layer = 0; layer < Layers; layer++)
        {
            net.Node("LayerNormalization", $"{p}x{layer} scale", $"{p}n{layer}", ("axis", -1L));
            Attend(net, p, layer, usesCache);
            net.Node("Add", $"{p}x{layer} {p}a{layer}", $"{p}y{layer}");
            if (HasEncoder)
            {
                AttendToEncoder(net, p, layer, usesCache);
                net.Node("Add", $"{p}y{layer} {p}e{layer}", $"{p}z{layer}");
            }
            else
            {
                net.Node("Identity", $"{p}y{layer}", $"{p}z{layer}");
            }

            net.Node("MatMul", $"{p}z{layer} w_m{layer}", $"{p}m_{layer}").Node("Tanh", $"{p}m_{layer}", $"{p}t{layer}");
            net.Node("Add", $"{p}z{layer} {p}t{layer}", $"{p}x{layer + 1}");
        }

        net.Node("LayerNormalization", $"{p}x{Layers} scale", $"{p}last", ("axis", -1L)).Node("MatMul", $"{p}last output", $"{p}logits");
    }

    /// <summary>Adds -10000 where a token must not see another one: a later one, or one that the mask hides.</summary>
    private static void Mask(Net net, string p)
    {
        net.Node("Shape", "attention_mask", $"{p}total", ("start", 1L)).Node("Squeeze", $"{p}total", $"{p}count");
        net.Node("Shape", "input_ids", $"{p}news", ("start", 1L)).Node("Squeeze", $"{p}news", $"{p}new").Node("Sub", $"{p}count {p}new", $"{p}old");
        net.Node("Range", $"zero {p}count one", $"{p}keys").Node("Range", $"{p}old {p}count one", $"{p}asks");
        net.Node("Unsqueeze", $"{p}asks axes1", $"{p}rows").Node("Greater", $"{p}keys {p}rows", $"{p}later");
        net.Node("Where", $"{p}later hidden shown", $"{p}causal");
        net.Node("Unsqueeze", "attention_mask axes12", $"{p}wide").Node("Equal", $"{p}wide zero", $"{p}off");
        net.Node("Where", $"{p}off hidden {p}causal", $"{p}mask");
    }

    private void Attend(Net net, string p, int layer, bool usesCache)
    {
        Split(net, $"{p}n{layer} w_q{layer}", $"{p}q{layer}");
        Split(net, $"{p}n{layer} w_k{layer}", $"{p}k{layer}");
        Split(net, $"{p}n{layer} w_v{layer}", $"{p}v{layer}");
        var presents = Names("present", "present", layer);
        var pasts = Names("past_key_values", "past", layer);
        var (key, value) = IsStacked ? ($"{p}key{layer}", $"{p}value{layer}") : (p + presents[0], p + presents[1]);
        if (IsStacked)
            net.Node("Gather", $"{pasts[0]} first", $"{p}pastk{layer}", ("axis", 0L)).Node("Gather", $"{pasts[0]} second", $"{p}pastv{layer}", ("axis", 0L));
        var (pastKey, pastValue) = IsStacked ? ($"{p}pastk{layer}", $"{p}pastv{layer}") : (pasts[0], pasts[1]);
        net.Node(usesCache ? "Concat" : "Identity", usesCache ? $"{pastKey} {p}k{layer}" : $"{p}k{layer}", IsBroken ? $"{p}all{layer}" : key, Axis(usesCache));
        if (IsBroken)
            net.Node("Identity", $"{p}k{layer}", key);
        net.Node(usesCache ? "Concat" : "Identity", usesCache ? $"{pastValue} {p}v{layer}" : $"{p}v{layer}", value, Axis(usesCache));
        if (IsStacked)
        {
            net.Node("Unsqueeze", $"{key} axes0", $"{key}s").Node("Unsqueeze", $"{value} axes0", $"{value}s");
            net.Node("Concat", $"{key}s {value}s", p + presents[0], ("axis", 0L));
        }

        Weigh(net, $"{p}q{layer}", IsBroken ? $"{p}all{layer}" : key, value, $"{p}mask", $"w_o{layer}", $"{p}a{layer}");
    }

    private static void AttendToEncoder(Net net, string p, int layer, bool usesCache)
    {
        Split(net, $"{p}y{layer} w_cq{layer}", $"{p}cq{layer}");
        var (key, value) = ($"past_key_values.{layer}.encoder.key", $"past_key_values.{layer}.encoder.value");
        var (newKey, newValue) = ($"{p}present.{layer}.encoder.key", $"{p}present.{layer}.encoder.value");
        if (usesCache)
        {
            // Exporters return an empty tensor here: the caller keeps the result of the first call.
            foreach (var name in new[] { newKey, newValue })
                net.ConstantNode(name, Net.Tensor<float>([0, Heads, 1, HeadSize]));
        }
        else
        {
            Split(net, $"encoder_hidden_states w_ck{layer}", newKey);
            Split(net, $"encoder_hidden_states w_cv{layer}", newValue);
            (key, value) = (newKey, newValue);
        }

        net.Node("Unsqueeze", "encoder_attention_mask axes12", $"{p}ewide{layer}").Node("Equal", $"{p}ewide{layer} zero", $"{p}eoff{layer}");
        net.Node("Where", $"{p}eoff{layer} hidden shown", $"{p}emask{layer}");
        Weigh(net, $"{p}cq{layer}", key, value, $"{p}emask{layer}", $"w_co{layer}", $"{p}e{layer}");
    }

    private static (string, object)[] Axis(bool concatenates) => concatenates ? [("axis", 2L)] : [];

    private static void Split(Net net, string product, string result) =>
        net.Node("MatMul", product, $"{result}_flat")
            .Node("Reshape", $"{result}_flat heads", $"{result}_heads")
            .Node("Transpose", $"{result}_heads", result, ("perm", new long[] { 0, 2, 1, 3 }));

    private static void Weigh(Net net, string query, string key, string value, string mask, string weight, string result) =>
        net.Node("Transpose", key, $"{result}_keys", ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("MatMul", $"{query} {result}_keys", $"{result}_raw")
            .Node("Div", $"{result}_raw root", $"{result}_scaled")
            .Node("Add", $"{result}_scaled {mask}", $"{result}_masked")
            .Node("Softmax", $"{result}_masked", $"{result}_weights", ("axis", -1L))
            .Node("MatMul", $"{result}_weights {value}", $"{result}_heads")
            .Node("Transpose", $"{result}_heads", $"{result}_rows", ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", $"{result}_rows joined", $"{result}_joined")
            .Node("MatMul", $"{result}_joined {weight}", result);
}
