using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The quantization settings of one layer.</summary>
/// <param name="IsFloat">Whether the layer stays in float.</param>
/// <param name="Activations">The type of the quantized inputs and outputs.</param>
/// <param name="IsSymmetric">Whether the zero point of activations is the middle code.</param>
/// <param name="Weights">The type of the quantized weights.</param>
/// <param name="Bits">The bits of the codes of int8 weights, from 2 to 8.</param>
/// <param name="PerChannel">Whether each output channel has a scale.</param>
/// <param name="ReduceRange">Whether weights use one bit less.</param>
internal sealed record LayerSettings(bool IsFloat, IntegerType Activations, bool IsSymmetric, IntegerType Weights, int Bits, bool PerChannel, bool ReduceRange)
{
    private const int LeastBits = 2;
    private const int MostBits = 8;
    private const int LeastActivationBits = 4;

    private static readonly Dictionary<string, Func<LayerSettings, LayerSettings>> Words = new(StringComparer.Ordinal)
    {
        ["float"] = settings => settings with { IsFloat = true },
        ["per-tensor"] = settings => settings with { PerChannel = false },
        ["per-channel"] = settings => settings with { PerChannel = true },
        ["int8"] = settings => settings with { Weights = IntegerType.Int8 },
        ["int16"] = settings => settings with { Weights = IntegerType.Int16 },
        ["a4"] = settings => settings.WithActivationBits(4),
        ["a5"] = settings => settings.WithActivationBits(5),
        ["a6"] = settings => settings.WithActivationBits(6),
        ["a7"] = settings => settings.WithActivationBits(7),
        ["a8"] = settings => settings.WithActivationBits(MostBits),
        ["a16"] = settings => settings with { Activations = settings.Activations.Min < 0 ? IntegerType.Int16 : IntegerType.UInt16 },
        ["w2"] = settings => settings with { Bits = 2 },
        ["w3"] = settings => settings with { Bits = 3 },
        ["w4"] = settings => settings with { Bits = 4 },
        ["w5"] = settings => settings with { Bits = 5 },
        ["w6"] = settings => settings with { Bits = 6 },
        ["w7"] = settings => settings with { Bits = 7 },
        ["w8"] = settings => settings with { Bits = MostBits },
        ["symmetric"] = settings => settings with { IsSymmetric = true },
        ["asymmetric"] = settings => settings with { IsSymmetric = false },
        ["reduce-range"] = settings => settings with { ReduceRange = true },
    };

    /// <summary>The element type and symmetry with which the inputs and outputs of the layer are quantized.</summary>
    public ActivationForm Form => new(Activations, IsSymmetric);

    /// <summary>Parses the settings of a recipe. The result is a function that returns the settings of a node.</summary>
    /// <exception cref="CompressionException">MB1005: a setting is unknown.</exception>
    public static Func<NodeProto, LayerSettings> Parse(Int8Options options, TargetProfile target)
    {
        var basis = new LayerSettings(
            false,
            Narrowed(Activation(options.Activations, target), options.ActivationBits),
            target.IsSymmetric,
            Weight(options.Weights),
            Width(options.Bits),
            options.PerChannel,
            options.ReduceRange
        );
        var excluded = new NamePatterns(options.Exclude);
        var rules = QuotedText.Split(options.Layers, '|').Select(ParseRule).ToArray();
        return node =>
            rules
                .Where(rule => rule.Pattern.Match(node))
                .SelectMany(rule => rule.Settings)
                .Aggregate(basis with { IsFloat = excluded.Match(node) }, (settings, apply) => apply(settings));
    }

    private LayerSettings WithActivationBits(int bits) =>
        this with
        {
            Activations = (Activations.Min < 0 ? IntegerType.Int8 : IntegerType.UInt8).WithBits(bits),
        };

    private static IntegerType Narrowed(IntegerType type, int bits) =>
        bits == MostBits ? type
        : type.IsWide ? throw new CompressionException(Codes.UnknownOption, "The option 'activation-bits' is for activations in 8 bits.")
        : bits is >= LeastActivationBits and < MostBits ? type.WithBits(bits)
        : throw new CompressionException(
            Codes.UnknownOption,
            $"Codes of activations cannot have {bits} bits; they can have {LeastActivationBits} to {MostBits}."
        );

    private static (NamePatterns Pattern, Func<LayerSettings, LayerSettings>[] Settings) ParseRule(string rule)
    {
        var colon = QuotedText.LastIndexOf(rule, ':');
        if (colon < 0)
            throw new CompressionException(Codes.UnknownOption, $"'{rule}' in the option 'layers' must be 'pattern:setting', such as 'Conv:per-tensor'.");
        return (new NamePatterns(rule[..colon]), [.. rule[(colon + 1)..].Split('+', StringSplitOptions.TrimEntries).Select(Word)]);
    }

    private static Func<LayerSettings, LayerSettings> Word(string word) =>
        Words.GetValueOrDefault(word)
        ?? throw new CompressionException(
            Codes.UnknownOption,
            $"Layers have no setting '{word}'.{NearestName.Hint(word, Words.Keys)} Settings: {string.Join(", ", Words.Keys)}."
        );

    private static IntegerType Activation(QuantizedType type, TargetProfile target) =>
        type switch
        {
            QuantizedType.UInt8 => IntegerType.UInt8,
            QuantizedType.Int8 => IntegerType.Int8,
            QuantizedType.UInt16 => IntegerType.UInt16,
            QuantizedType.Int16 => IntegerType.Int16,
            _ => target.HasUnsignedActivations ? IntegerType.UInt8 : IntegerType.Int8,
        };

    private static int Width(int bits) =>
        bits is >= LeastBits and <= MostBits
            ? bits
            : throw new CompressionException(Codes.UnknownOption, $"Codes of weights cannot have {bits} bits; they can have {LeastBits} to {MostBits}.");

    private static IntegerType Weight(QuantizedType type) =>
        type switch
        {
            QuantizedType.Int8 or QuantizedType.Auto => IntegerType.Int8,
            QuantizedType.Int16 => IntegerType.Int16,
            _ => throw new CompressionException(Codes.UnknownOption, "Weights are quantized symmetrically, so their type must be int8 or int16."),
        };
}
