using ModelBuild.Compression.Targets;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>
/// Measures the coefficients of a <see cref="CostTable"/> by the formulas that the placement of integers uses them in. Poolings are of 3 × 3 with a stride of
/// 1.
/// </summary>
internal sealed class MeasuredCosts
{
    // The columns of a product of few rows. The weights of a chain in float32 fit the cache of a core, as those of small recurrent layers do; reading larger
    // ones from memory takes longer in float32 than in int8 by more than the proportion of their bytes.
    private const long Cached = 512;

    private static readonly long[] Tiny = [1, 16];
    private static readonly long[] Image = [1, 64, 56, 56];
    private static readonly long[] ChannelsLast = [1, 56, 56, 64];
    private static readonly double Elements = Image.Aggregate(1L, (a, b) => a * b);

    private readonly ChainTimes _times = new();

    /// <summary>Measures all coefficients, in picoseconds.</summary>
    public CostTable Measure()
    {
        var node = _times.Measure(Chains.Elementwise("LeakyRelu", Tiny) with { Steps = 64 });
        var product = _times.Measure(Chains.Product(1, 16, isQuantized: true) with { Steps = 32 });
        var convolution = _times.Measure(Chains.Convolution(16, 1, 1, isQuantized: true) with { Steps = 32 });
        var conversion = _times.Measure(Chains.Convert(Tiny) with { Steps = 32 }) / 2;
        var converted = (_times.Measure(Chains.Convert(Image)) / 2 - conversion) / Elements;
        var transposed = (_times.Measure(Chains.TransposeAndBack(Image)) / 2 - node) / Elements;
        var floats = Floats(node);
        var codes = Codes(node);
        var poolingOfFirst = Each(Chains.Pool("MaxPool", Image) with { Type = DataType.Uint8 }, node);
        var (floatMultiply, _, _) = Multiply(isQuantized: false, node, node);
        var (codeMultiply, gathered, gatheredNarrow) = Multiply(isQuantized: true, convolution, product);
        var broadcast = Each(Chains.Broadcast("Add", [3136, 64]), node);
        var other = Each(Chains.Elementwise("Mul", Image, 2), node);
        var (narrowBlocks, wideBlocks) = (Blocks(4, product), Blocks(8, product));
        var otherCodes = Pair(Chains.ConcatAndSplit(Image) with { Type = DataType.Uint8 }, 2, node);
        var unit = _times.Picoseconds;
        return new CostTable
        {
            FloatNode = (long)(unit * node),
            IntegerProduct = (long)(unit * product),
            IntegerConvolution = (long)(unit * convolution),
            Conversion = (long)(unit * conversion),
            ConvertedElement = unit * converted,
            ChannelsFirstPooling = unit * (poolingOfFirst - codes["MaxPool"]),
            TransposedElement = unit * transposed,
            FloatMultiply = Scaled(floatMultiply, unit),
            IntegerMultiply = Scaled(codeMultiply, unit),
            NarrowBlockMultiply = new(unit * narrowBlocks.Product, unit * narrowBlocks.ProductOfFewRows),
            WideBlockMultiply = new(unit * wideBlocks.Product, unit * wideBlocks.ProductOfFewRows),
            GatheredPixel = unit * gathered,
            GatheredNarrowPixel = unit * gatheredNarrow,
            FloatElements = Scaled(floats, unit),
            OtherFloatElement = unit * other,
            BroadcastIntegerElement = unit * broadcast,
            IntegerElements = Scaled(codes, unit),
            OtherIntegerElement = unit * otherCodes,
        };
    }

    private Dictionary<string, double> Floats(double node)
    {
        var (concat, resize) = (Pair(Chains.ConcatAndSplit(Image), 2, node), Pair(Chains.ResizeAndBack(Image), 4, node));
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["MaxPool"] = Each(Chains.Pool("MaxPool", Image), node),
            ["AveragePool"] = Each(Chains.Pool("AveragePool", Image), node),
            ["GlobalAveragePool"] = GlobalAverage(isQuantized: false, node),
            ["Concat"] = concat,
            ["Split"] = concat,
            ["Resize"] = resize,
            ["Sigmoid"] = Each(Chains.Elementwise("Sigmoid", Image), node),
        };
    }

    private Dictionary<string, double> Codes(double node) =>
        new(StringComparer.Ordinal)
        {
            ["Add"] = Each(Quantized("Add", 2), node),
            ["MaxPool"] = Each(Chains.PoolOfCodes("NhwcMaxPool", ChannelsLast), node),
            ["Mul"] = Each(Quantized("Mul", 2), node),
            ["Sigmoid"] = Each(Quantized("Sigmoid", 1), node),
            ["LeakyRelu"] = Each(Quantized("LeakyRelu", 1), node),
            ["AveragePool"] = Each(Chains.PoolOfCodes("QLinearAveragePool", ChannelsLast), node),
            ["GlobalAveragePool"] = GlobalAverage(isQuantized: true, node),
        };

    private static OperatorChain Quantized(string op, int operands) =>
        Chains.Elementwise(op, Image, operands) with
        {
            IsQuantized = true,
            Becomes = $"QLinear{op}",
        };

    private double Each(OperatorChain chain, double node) => (_times.Measure(chain) - node) / chain.Shape.Aggregate(1.0, (a, b) => a * b);

    // An Add follows each GlobalAveragePool, and its time is subtracted.
    private double GlobalAverage(bool isQuantized, double node) =>
        (_times.Measure(Chains.GlobalPoolAndAdd(Image, isQuantized)) - _times.Measure(Chains.AddToChannels(Image, isQuantized)) - node) / Elements;

    // Returns the time of an element in a step of two nodes, both of which process a multiple of the elements.
    private double Pair(OperatorChain chain, int multiple, double node) => (_times.Measure(chain) / 2 - node) / (multiple * Elements);

    // A multiply-add in a convolution costs a + b / depth, which two depths show. Larger kernels gather pixels too in integers.
    private (MultiplyCosts Costs, double Gathered, double GatheredNarrow) Multiply(bool isQuantized, double convolution, double product)
    {
        var shallow = Of(16, 56, 1);
        var deep = isQuantized ? Of(512, 14, 1) : Of(128, 28, 3);
        var depth = isQuantized ? 512 : 1152;
        var overhead = (shallow - deep) / (1.0 / 16 - 1.0 / depth);
        var each = deep - overhead / depth;
        var costs = new MultiplyCosts(
            Convolution: each,
            ConvolutionOverhead: overhead,
            Depthwise: (_times.Measure(Chains.Convolution(64, 56, 3, isQuantized, group: 64)) - convolution) / (64.0 * 56 * 56 * 9),
            Product: (_times.Measure(Chains.Product(256, 512, isQuantized)) - product) / (256.0 * 512 * 512),
            ProductOfFewRows: (_times.Measure(Chains.Product(1, Cached, isQuantized)) - product) / ((double)Cached * Cached)
        );
        return isQuantized ? (costs, Gathering(16), Gathering(8)) : (costs, 0, 0);

        double Of(long channels, long size, int kernel) =>
            (_times.Measure(Chains.Convolution(channels, size, kernel, isQuantized)) - convolution)
            / (channels * channels * size * size * kernel * (double)kernel);

        double Gathering(long channels) => ((Of(channels, 56, 3) - each) * channels * 9 - overhead) * channels / 9;
    }

    private BlockMultiplyCosts Blocks(int bits, double product) =>
        new(
            Product: (_times.Measure(Chains.BlockProduct(256, 512, bits)) - product) / (256.0 * 512 * 512),
            ProductOfFewRows: (_times.Measure(Chains.BlockProduct(1, Cached, bits)) - product) / ((double)Cached * Cached)
        );

    private static MultiplyCosts Scaled(MultiplyCosts costs, double unit) =>
        new(unit * costs.Convolution, unit * costs.ConvolutionOverhead, unit * costs.Depthwise, unit * costs.Product, unit * costs.ProductOfFewRows);

    private static Dictionary<string, double> Scaled(Dictionary<string, double> costs, double unit) =>
        costs.ToDictionary(cost => cost.Key, cost => unit * cost.Value, StringComparer.Ordinal);
}
