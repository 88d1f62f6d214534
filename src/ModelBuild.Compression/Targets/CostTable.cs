namespace ModelBuild.Compression.Targets;

/// <summary>
/// The costs of operators in float32 and in int8 on one core, in picoseconds. Only the proportions of the figures matter. They were measured once
/// with ONNX Runtime; a build never measures them, so that its result does not depend on the machine.
/// </summary>
internal sealed record CostTable
{
    /// <summary>
    /// x64 processors with VNNI. The figures were recorded on 2026-11-22, before the benchmark <c>costs</c> of tests/ModelBuild.Benchmarks existed, which
    /// prints the figures of the present machine beside these. With ONNX Runtime 1.32.0 on 2026-11-29, an x64 processor with AVX2 and without VNNI differed
    /// by more than a factor of two in poolings, Resize, transpositions, the start of integer convolutions, the overhead of float convolutions, and float
    /// products of few rows, relative to other float products. The figures of products of blocks were measured on 2026-11-30 with ONNX Runtime 1.32.0 on an x64
    /// processor with VNNI, relative to float products.
    /// </summary>
    public static CostTable CpuX64 { get; } =
        new()
        {
            FloatNode = 300_000,
            IntegerProduct = 600_000,
            IntegerConvolution = 1_500_000,
            Conversion = 500_000,
            ConvertedElement = 180,
            ChannelsFirstPooling = 2000,
            TransposedElement = 190,
            FloatMultiply = new(Convolution: 20, ConvolutionOverhead: 300, Depthwise: 55, Product: 22, ProductOfFewRows: 50),
            IntegerMultiply = new(Convolution: 6, ConvolutionOverhead: 200, Depthwise: 50, Product: 6, ProductOfFewRows: 25),
            NarrowBlockMultiply = new(Product: 24, ProductOfFewRows: 12),
            WideBlockMultiply = new(Product: 18, ProductOfFewRows: 13),
            GatheredPixel = 500,
            GatheredNarrowPixel = 1500,
            FloatElements = new(StringComparer.Ordinal)
            {
                ["MaxPool"] = 210,
                ["Concat"] = 210,
                ["Split"] = 210,
                ["Resize"] = 210,
                ["Sigmoid"] = 290,
            },
            OtherFloatElement = 155,
            BroadcastIntegerElement = 600,
            IntegerElements = new(StringComparer.Ordinal)
            {
                ["Add"] = 150,
                ["MaxPool"] = 150,
                ["Mul"] = 235,
                ["Sigmoid"] = 235,
                ["LeakyRelu"] = 235,
                ["AveragePool"] = 235,
                ["GlobalAveragePool"] = 235,
            },
            OtherIntegerElement = 50,
        };

    /// <summary>The time that a node in float32 takes before its first element, in picoseconds.</summary>
    public required long FloatNode { get; init; }

    /// <summary>The time that a matrix product in int8 takes before its first element, in picoseconds.</summary>
    public required long IntegerProduct { get; init; }

    /// <summary>The time that a convolution in int8 takes before its first element, in picoseconds.</summary>
    public required long IntegerConvolution { get; init; }

    /// <summary>
    /// The time that a conversion between float32 and int8 takes before its first element, in picoseconds, and that of the change of layout that integer
    /// convolutions cause.
    /// </summary>
    public required long Conversion { get; init; }

    /// <summary>The time to convert one element between float32 and int8, in picoseconds.</summary>
    public required double ConvertedElement { get; init; }

    /// <summary>The time of one element of a pooling in int8 whose operand has its channels before its pixels, in picoseconds.</summary>
    public required double ChannelsFirstPooling { get; init; }

    /// <summary>The time of one element of a transposition between channels before pixels and channels after pixels, in picoseconds.</summary>
    public required double TransposedElement { get; init; }

    /// <summary>The times of one multiply-add in float32, in picoseconds.</summary>
    public required MultiplyCosts FloatMultiply { get; init; }

    /// <summary>The times of one multiply-add in int8, in picoseconds.</summary>
    public required MultiplyCosts IntegerMultiply { get; init; }

    /// <summary>The times of one multiply-add in a product whose weights have up to 4 bits and a scale for each block of inputs, in picoseconds.</summary>
    public required BlockMultiplyCosts NarrowBlockMultiply { get; init; }

    /// <summary>The times of one multiply-add in a product whose weights have more than 4 bits and a scale for each block of inputs, in picoseconds.</summary>
    public required BlockMultiplyCosts WideBlockMultiply { get; init; }

    /// <summary>The time to copy one pixel into the patches of an integer convolution, in picoseconds.</summary>
    public required double GatheredPixel { get; init; }

    /// <summary>The time to copy one pixel of fewer than 16 channels into the patches of an integer convolution, in picoseconds.</summary>
    public required double GatheredNarrowPixel { get; init; }

    /// <summary>The time of one element of an operator in float32, by operator type, in picoseconds.</summary>
    public required Dictionary<string, double> FloatElements { get; init; }

    /// <summary>The time of one element in float32 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherFloatElement { get; init; }

    /// <summary>The time of one element of an Add or Mul in int8 with a constant operand, which is broadcast row by row, in picoseconds.</summary>
    public required double BroadcastIntegerElement { get; init; }

    /// <summary>The time of one element of an operator in int8, by operator type, in picoseconds.</summary>
    public required Dictionary<string, double> IntegerElements { get; init; }

    /// <summary>The time of one element in int8 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherIntegerElement { get; init; }
}
