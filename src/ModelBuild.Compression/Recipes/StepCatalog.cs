using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Passes.Clustering;
using ModelBuild.Compression.Passes.Factorization;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Passes.Optimization.Dimensions;
using ModelBuild.Compression.Passes.Precision;
using ModelBuild.Compression.Passes.Pruning.Branches;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Passes.Pruning.Sparsity;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Equalization;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Passes.Quantization.Storage;

namespace ModelBuild.Compression.Recipes;

/// <summary>Every step there is.</summary>
public static class StepCatalog
{
    /// <summary>The steps in the order in which help lists them.</summary>
    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        StepDefinition.Create<OptimizeOptions>(
            "optimize",
            "Folds constants and what follows a layer into it, merges operators, removes what has no effect, stores equal weights once. Loses nothing.",
            isPrecise: true,
            _ => new OptimizePass()
        ),
        StepDefinition.Create<FixDimensionsOptions>(
            "fix-dimensions",
            "Gives open dimensions of the inputs a size, by name or as input/axis, such as batch=1 or image/2=224; what followed from them becomes constant. Loses nothing.",
            isPrecise: true,
            options => new FixDimensionsPass(options)
        ),
        StepDefinition.Create<PruneChannelsOptions>(
            "prune-channels",
            "Takes whole channels out: units, feature maps, heads of attention; the layers behind are solved again with calibration data. Smaller and faster. Wants data.",
            isPrecise: false,
            options => new PruneChannelsPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<PruneOptions>(
            "prune",
            "Sets the weights to zero that matter least (half of them by default, or prune(2:4)): smaller when zipped, as fast as before. Data helps much.",
            isPrecise: false,
            options => new PrunePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<PruneLayersOptions>(
            "prune-layers",
            "Takes whole residual branches out, those that change the answers least; the layers behind are solved again. Needs data.",
            isPrecise: false,
            options => new PruneLayersPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<LowRankOptions>(
            "low-rank",
            "Makes two small layers of a large one, with as much arithmetic as the ratio leaves: a smaller and faster model. Data keeps far more accuracy.",
            isPrecise: false,
            options => new LowRankPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<DepthwiseSeparableOptions>(
            "depthwise-separable",
            "Makes a depthwise and a 1x1 convolution of a convolution with a kernel, where that costs less arithmetic. Data keeps far more accuracy.",
            isPrecise: false,
            options => new DepthwiseSeparablePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<Float16WeightsOptions>(
            "float16-weights",
            "Stores weights in float16: half the file, float32 speed and arithmetic.",
            isPrecise: true,
            options => new Float16WeightsPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8WeightsOptions>(
            "int8-weights",
            "Stores weights in int8 with a scale for each channel: a quarter of the file, float32 speed and arithmetic.",
            isPrecise: false,
            options => new Int8WeightsPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8DynamicOptions>(
            "int8-dynamic",
            "Multiplies in int8, quantizing activations as they come: MatMul, Gemm and LSTM become smaller and faster, embeddings smaller. Data shows outlier columns, which stay in float32.",
            isPrecise: false,
            options => new Int8DynamicPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<EqualizeOptions>(
            "equalize",
            "Scales channels between neighbouring layers so that their activations or weights lose less when quantized; the float model answers as before. With data, where held-out samples gain.",
            isPrecise: true,
            options => new EqualizePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<SmoothQuantOptions>(
            "smooth-quant",
            "Moves outliers of activations into the weights of the MatMul behind a normalization (SmoothQuant), where held-out samples gain; the float model answers as before. Needs data.",
            isPrecise: true,
            options => new SmoothQuantPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<Int8Options>(
            "int8",
            "Computes in int8 where that is faster, with activations whose ranges calibration data shows, and stores all other weights in int8: smallest and fastest. Needs data.",
            isPrecise: false,
            options => new Int8Pass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<LeastSquaresOptions>(
            "least-squares",
            "Solves each quantized layer's weights again on the inputs that the quantized model gives it. Needs data.",
            isPrecise: false,
            options => new LayerSolverPass(new LeastSquares(options.Ridge))
        ),
        StepDefinition.Create<GptqOptions>(
            "gptq",
            "Rounds each quantized layer's weights so that later ones make good the errors of earlier ones (GPTQ). Needs data.",
            isPrecise: false,
            options => new LayerSolverPass(new Gptq(options.Damping, options.ActOrder))
        ),
        StepDefinition.Create<ClipWeightsOptions>(
            "clip-weights",
            "Cuts off the largest weights of each quantized layer where that rounds the others better (sequential MSE). Before gptq; not for blocks. Needs data.",
            isPrecise: false,
            _ => new LayerSolverPass(new ClipWeights())
        ),
        StepDefinition.Create<AdaRoundOptions>(
            "adaround",
            "Learns for each weight of a quantized layer whether to round up or down (AdaRound). Slower than gptq. Needs data.",
            isPrecise: false,
            options => new LayerSolverPass(new AdaRound(options.Iterations))
        ),
        StepDefinition.Create<CoordinateDescentOptions>(
            "coordinate-descent",
            "Changes single codes of each quantized layer by one while that helps. After gptq. Needs data.",
            isPrecise: false,
            options => new LayerSolverPass(new CoordinateDescent(options.Sweeps))
        ),
        StepDefinition.Create<BiasCorrectionOptions>(
            "bias-correction",
            "Takes the mean error of each quantized layer out of its bias. Needs data.",
            isPrecise: false,
            _ => new LayerSolverPass(new BiasCorrection())
        ),
        StepDefinition.Create<Int4Options>(
            "int4",
            "Weights in 4 bits with a scale for each block of 32: a seventh of the file. Matrix products multiply them as they are. Needs no data.",
            isPrecise: false,
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8BlocksOptions>(
            "int8-blocks",
            "Weights in 8 bits with a scale for each block of 128: a quarter of the file, and next to no loss. Needs no data.",
            isPrecise: false,
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<ClusterOptions>(
            "cluster",
            "The weights of a tensor share a few values, stored as a codebook and indices of 4 or 8 bits: an eighth or a quarter of the file, float32 speed and arithmetic. Data helps.",
            isPrecise: false,
            options => new ClusterPass(options),
            WeightUse.NeedsFloat32 | WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Float16Options>(
            "float16",
            "Computes in float16 throughout, for accelerators: half the file, and faster there; slower on processors. Data shows which layers overflow.",
            isPrecise: true,
            options => new NarrowPass(NarrowFloat.Float16, options.Io, options.Exclude),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Bfloat16Options>(
            "bfloat16",
            "Computes in bfloat16 wherever the model's opset allows it, for accelerators that have it: float32's range at a third of its digits.",
            isPrecise: false,
            options => new NarrowPass(NarrowFloat.Bfloat16, options.Io, options.Exclude),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<MixedPrecisionOptions>(
            "mixed-precision",
            "Computes in float16 or bfloat16, for accelerators, but for the fewest layers that the wanted fidelity needs in float32. Needs data.",
            isPrecise: false,
            options => new MixedPrecisionPass(options),
            WeightUse.StoresOtherwise
        ),
    ];

    /// <summary>The step called <paramref name="name"/>, or null.</summary>
    public static StepDefinition? Find(string name) => Steps.FirstOrDefault(step => step.Name == name);
}
