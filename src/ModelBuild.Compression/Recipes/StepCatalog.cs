using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Passes;
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
            _ => new OptimizePass(),
            isPrecise: true,
            isExact: true
        ),
        StepDefinition.CreateContractChange<FixDimensionsOptions, FixDimensionsPass>(
            "fix-dimensions",
            "Gives open dimensions of the inputs a size, by name or as input/axis, such as batch=1 or image/2=224; "
                + "what followed from them becomes constant. Loses nothing.",
            options => new FixDimensionsPass(options),
            isPrecise: true,
            isExact: true
        ),
        StepDefinition.Create<PruneChannelsOptions>(
            "prune-channels",
            "Takes whole channels out: units, feature maps, heads of attention; the layers behind are solved again with calibration data. "
                + "Smaller and faster. Wants data.",
            options => new PruneChannelsPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<PruneOptions>(
            "prune",
            "Sets the weights to zero that matter least (half of them by default, or prune(2:4)): smaller when zipped, as fast as before. Data helps much.",
            options => new PrunePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<PruneLayersOptions>(
            "prune-layers",
            "Takes whole residual branches out, those that change the answers least; the layers behind are solved again. Needs data.",
            options => new PruneLayersPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<LowRankOptions>(
            "low-rank",
            "Makes two small layers of a large one, with as much arithmetic as the ratio leaves: a smaller and faster model. Data keeps far more accuracy.",
            options => new LowRankPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<DepthwiseSeparableOptions>(
            "depthwise-separable",
            "Makes a depthwise and a 1x1 convolution of a convolution with a kernel, where that costs less arithmetic. Data keeps far more accuracy.",
            options => new DepthwiseSeparablePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<Float16WeightsOptions>(
            "float16-weights",
            "Stores weights in float16: half the file, float32 speed and arithmetic.",
            options => new Float16WeightsPass(options),
            WeightUse.StoresOtherwise,
            isPrecise: true
        ),
        StepDefinition.Create<Int8WeightsOptions>(
            "int8-weights",
            "Stores weights in int8 with a scale for each channel: a quarter of the file, float32 speed and arithmetic.",
            options => new Int8WeightsPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8DynamicOptions>(
            "int8-dynamic",
            "Multiplies in int8, quantizing activations as they come: MatMul, Gemm and LSTM become smaller and faster, embeddings smaller. "
                + "Data shows outlier columns, which stay in float32.",
            options => new Int8DynamicPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<EqualizeOptions>(
            "equalize",
            "Scales channels between neighbouring layers so that their activations or weights lose less when quantized; "
                + "the float model answers as before. With data, where held-out samples gain.",
            options => new EqualizePass(options),
            WeightUse.NeedsFloat32,
            isPrecise: true
        ),
        StepDefinition.Create<SmoothQuantOptions>(
            "smooth-quant",
            "Moves outliers of activations into the weights of the MatMul behind a normalization (SmoothQuant), where held-out samples gain; "
                + "the float model answers as before. Needs data.",
            options => new SmoothQuantPass(options),
            WeightUse.NeedsFloat32,
            isPrecise: true
        ),
        StepDefinition.Create<Int8Options>(
            "int8",
            "Computes in int8 where that is faster, with activations whose ranges calibration data shows, and stores all other weights in "
                + "int8: smallest and fastest. Needs data.",
            options => new Int8Pass(options),
            WeightUse.StoresOtherwise,
            alternatives: Int8Choice.Of
        ),
        StepDefinition.CreateSolver<LeastSquaresOptions>(
            "least-squares",
            "Solves each quantized layer's weights again on the inputs that the quantized model gives it. Needs data.",
            options => new LeastSquares(options.Ridge)
        ),
        StepDefinition.CreateSolver<GptqOptions>(
            "gptq",
            "Rounds each quantized layer's weights so that later ones make good the errors of earlier ones (GPTQ). Needs data.",
            options => new Gptq(options.Damping, options.ActOrder)
        ),
        StepDefinition.CreateSolver<ClipWeightsOptions>(
            "clip-weights",
            "Cuts off the largest weights of each quantized layer where that rounds the others better (sequential MSE). Before gptq; "
                + "not for blocks. Needs data.",
            _ => new ClipWeights()
        ),
        StepDefinition.CreateSolver<AdaRoundOptions>(
            "adaround",
            "Learns for each weight of a quantized layer whether to round up or down (AdaRound). Slower than gptq. Needs data.",
            options => new AdaRound(options.Iterations)
        ),
        StepDefinition.CreateSolver<CoordinateDescentOptions>(
            "coordinate-descent",
            "Changes single codes of each quantized layer by one while that helps. After gptq. Needs data.",
            options => new CoordinateDescent(options.Sweeps)
        ),
        StepDefinition.CreateSolver<BiasCorrectionOptions>(
            "bias-correction",
            "Takes the mean error of each quantized layer out of its bias. Needs data.",
            _ => new BiasCorrection()
        ),
        StepDefinition.Create<Int4Options>(
            "int4",
            "Weights in 4 bits with a scale for each block of 32: a seventh of the file. Matrix products multiply them as they are. Needs no data.",
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8BlocksOptions>(
            "int8-blocks",
            "Weights in 8 bits with a scale for each block of 128: a quarter of the file, and next to no loss. Needs no data.",
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<ClusterOptions>(
            "cluster",
            "The weights of a tensor share a few values, stored as a codebook and indices of 4 or 8 bits: "
                + "an eighth or a quarter of the file, float32 speed and arithmetic. Data helps.",
            options => new ClusterPass(options),
            WeightUse.NeedsFloat32 | WeightUse.StoresOtherwise
        ),
        StepDefinition.CreateContractChange<Float16Options, NarrowPass>(
            "float16",
            "Computes in float16 throughout, for accelerators: half the file, and faster there; slower on processors. Data shows which layers overflow.",
            options => new NarrowPass(NarrowFloat.Float16, options.Io, options.Exclude),
            WeightUse.StoresOtherwise,
            isPrecise: true
        ),
        StepDefinition.CreateContractChange<Bfloat16Options, NarrowPass>(
            "bfloat16",
            "Computes in bfloat16 wherever the model's opset allows it, for accelerators that have it: float32's range at a third of its digits.",
            options => new NarrowPass(NarrowFloat.Bfloat16, options.Io, options.Exclude),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.CreateContractChange<MixedPrecisionOptions, MixedPrecisionPass>(
            "mixed-precision",
            "Computes in float16 or bfloat16, for accelerators, but for the fewest layers that the wanted fidelity needs in float32. Needs data.",
            options => new MixedPrecisionPass(options),
            WeightUse.StoresOtherwise
        ),
    ];

    /// <summary>The step called <paramref name="name"/>, or null.</summary>
    public static StepDefinition? Find(string name) => Steps.FirstOrDefault(step => step.Name == name);
}
