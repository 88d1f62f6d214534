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
using ModelBuild.Compression.Passes.Quantization.Rotation;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Passes.Sparsification;
using ModelBuild.Compression.Passes.Training;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Recipes;

/// <summary>The catalogue of all steps.</summary>
internal static class StepCatalog
{
    /// <summary>All steps, in the order in which the help lists them.</summary>
    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        StepDefinition.Create<OptimizeOptions>(
            "optimize",
            "Folds constants, fuses layers with the operators after them, removes operators without effect, and stores equal weights once. "
                + "The outputs stay the same.",
            _ => new OptimizePass(),
            isPrecise: true,
            isExact: true
        ),
        StepDefinition.CreateContractChange<FixDimensionsOptions>(
            "fix-dimensions",
            "Sets the sizes of dynamic dimensions of the inputs, by name or as input/axis, such as batch=1 or image/2=224, and folds values "
                + "that depend on them. The outputs stay the same.",
            options => new FixedDimensions(options),
            (options, change) => new FixDimensionsPass(options, change),
            isPrecise: true,
            isExact: true,
            // The optimization runs again after dimensions were fixed, because values that were computed from their sizes are now constant.
            completion: _ => List(new OptimizeOptions())
        ),
        StepDefinition.Create<PruneChannelsOptions>(
            "prune-channels",
            "Removes whole channels: units, feature maps and heads of attention. With data, the layers that read them are fitted again, which "
                + "keeps far more accuracy. The model is smaller and faster.",
            options => new PruneChannelsPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<PruneOptions>(
            "prune",
            "Sets the least important weights to zero: half of them by default, or a pattern such as prune(2:4). "
                + "The model is smaller when zipped, and as fast as before. Data keeps far more accuracy.",
            options => new PrunePass(options),
            WeightUse.NeedsFloat32,
            leavesZeros: true
        ),
        StepDefinition.Create<PruneLayersOptions>(
            "prune-layers",
            "Removes the residual branches that change the outputs least, and fits the following layers again. Needs data.",
            options => new PruneLayersPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<LowRankOptions>(
            "low-rank",
            "Replaces a large layer by two small ones with the given share of its multiply-adds. The model is smaller and faster. "
                + "Data keeps far more accuracy.",
            options => new LowRankPass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<DepthwiseSeparableOptions>(
            "depthwise-separable",
            "Replaces a convolution by a depthwise and a 1x1 convolution where that needs fewer multiply-adds. Data keeps far more accuracy.",
            options => new DepthwiseSeparablePass(options),
            WeightUse.NeedsFloat32
        ),
        StepDefinition.Create<SparsifyActivationsOptions>(
            "sparsify-activations",
            "Raises the thresholds of ReLUs until the given share of their outputs is zero, for runtimes that skip zeros: ONNX Runtime does not. "
                + "fine-tune afterwards restores accuracy. Needs data.",
            options => new SparsifyActivationsPass(options),
            keepsSize: true
        ),
        StepDefinition.Create<TrainingOptions>(
            "fine-tune",
            "Trains the weights that the steps before it left, without labels, to give the outputs of the original model. Zeros stay zeros, and integers stay "
                + "integers. Needs data.",
            options => new FineTunePass(options),
            trains: true
        ),
        StepDefinition.Create<DistillOptions>(
            "distill",
            "Replaces the model by another one, a smaller student with the same inputs and outputs, and trains it to give the outputs of the original model. "
                + "Its first weights may be random. Needs data.",
            options => new DistillPass(options),
            replacesModel: true,
            trains: true
        ),
        StepDefinition.CreateContractChange<TransferOptions>(
            TransferOptions.Name,
            "Gives a classifier a new last layer for other classes, and trains it with labels, then all layers at a lower rate. Needs labelled data.",
            options => new NewClasses(options),
            (options, change) => new TransferPass(options, change),
            trains: true,
            changesClasses: true
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
            "Multiplies in int8 and quantizes activations at run time: MatMul, Gemm and LSTM become smaller and faster, embeddings smaller. "
                + "With data, outlier columns stay in float32.",
            options => new Int8DynamicPass(options),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<EqualizeOptions>(
            "equalize",
            "Scales channels between neighbouring layers so that quantization loses less accuracy. "
                + "The outputs of the float model stay the same. With data, only pairs that gain on held-out samples are scaled.",
            options => new EqualizePass(options),
            WeightUse.NeedsFloat32,
            isPrecise: true
        ),
        StepDefinition.Create<SmoothQuantOptions>(
            "smooth-quant",
            "Moves outliers of activations into the weights of the MatMul after a normalization (SmoothQuant) where held-out samples gain. "
                + "The outputs of the float model stay the same. Needs data.",
            options => new SmoothQuantPass(options),
            WeightUse.NeedsFloat32,
            isPrecise: true
        ),
        StepDefinition.Create<RotateOptions>(
            "rotate",
            "Rotates the vectors between the layers of a transformer, so that outliers cost less in quantization (QuaRot). "
                + "The outputs of the float model stay the same. Needs no data.",
            _ => new RotatePass(),
            WeightUse.NeedsFloat32,
            isPrecise: true
        ),
        StepDefinition.Create<Int8Options>(
            "int8",
            "Computes in int8 where that is faster, with ranges of activations from calibration data, and stores all other weights in int8. "
                + "The model is smallest and fastest. Needs data.",
            options => new Int8Pass(options),
            WeightUse.StoresOtherwise,
            alternatives: Int8Choice.Of,
            completion: options => List(new Int8WeightsOptions(options.PerChannel, options.Exclude))
        ),
        StepDefinition.CreateSolver<LeastSquaresOptions>(
            "least-squares",
            "Fits the weights of each quantized layer to the inputs that it has in the quantized model. Needs data.",
            options => new LeastSquares(options.Ridge)
        ),
        StepDefinition.CreateSolver<GptqOptions>(
            "gptq",
            "Rounds each quantized layer's weights so that later weights compensate for the errors of earlier ones (GPTQ). Needs data.",
            options => new Gptq(options.Damping, options.ActOrder)
        ),
        StepDefinition.CreateSolver<ClipWeightsOptions>(
            "clip-weights",
            "Clips the largest weights of each quantized layer where that reduces the error of its output (sequential MSE). "
                + "Comes before gptq, and does not work with blocks. Needs data.",
            _ => new ClipWeights()
        ),
        StepDefinition.CreateSolver<AdaRoundOptions>(
            "adaround",
            "Learns for each weight of a quantized layer whether to round up or down (AdaRound). Slower than gptq. Needs data.",
            options => new AdaRound(options.Iterations)
        ),
        StepDefinition.CreateSolver<CoordinateDescentOptions>(
            "coordinate-descent",
            "Changes single quantized weights by one step while that reduces the error. Comes after gptq. Needs data.",
            options => new CoordinateDescent(options.Sweeps)
        ),
        StepDefinition.CreateSolver<BiasCorrectionOptions>(
            "bias-correction",
            "Subtracts the mean error of each quantized layer from its bias. Needs data.",
            _ => new BiasCorrection()
        ),
        StepDefinition.Create<ReconstructOptions>(
            "reconstruct",
            "Trains the rounding of quantized weights block by block, so that each block gives the outputs of the float model for the inputs that it has in "
                + "the quantized model (BRECQ, QDrop). Comes after gptq, and is slower. Needs data.",
            options => new ReconstructPass(options)
        ),
        StepDefinition.Create<Int4Options>(
            "int4",
            "Stores weights in 4 bits with a scale for each block of 32: a seventh of the file. Matrix products use them without conversion. Needs no data.",
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<Int8BlocksOptions>(
            "int8-blocks",
            "Stores weights in 8 bits with a scale for each block of 128: a quarter of the file, and hardly any loss. Needs no data.",
            options => new BlockQuantizationPass(BlockSettings.Of(options)),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.Create<ClusterOptions>(
            "cluster",
            "Stores the weights of a tensor as a codebook of a few values and indices of 4 or 8 bits: "
                + "an eighth or a quarter of the file, float32 speed and arithmetic. Data keeps more accuracy.",
            options => new ClusterPass(options),
            WeightUse.NeedsFloat32 | WeightUse.StoresOtherwise
        ),
        StepDefinition.CreateContractChange<Float16Options>(
            "float16",
            "Computes in float16 for accelerators: half the file, and faster there, but slower on a CPU. "
                + "With data, layers that would overflow stay in float32.",
            options => new NarrowContract(NarrowFloat.Float16, options.Io),
            (options, change) => new NarrowPass(NarrowFloat.Float16, options.Io, options.Exclude, change),
            WeightUse.StoresOtherwise,
            isPrecise: true
        ),
        StepDefinition.CreateContractChange<Bfloat16Options>(
            "bfloat16",
            "Computes in bfloat16 where the model's opset allows it, for accelerators that support it. It has the range of float32 with a third of its digits.",
            options => new NarrowContract(NarrowFloat.Bfloat16, options.Io),
            (options, change) => new NarrowPass(NarrowFloat.Bfloat16, options.Io, options.Exclude, change),
            WeightUse.StoresOtherwise
        ),
        StepDefinition.CreateContractChange<MixedPrecisionOptions>(
            "mixed-precision",
            "Computes in float16 or bfloat16 for accelerators, and keeps the fewest layers in float32 that the requested fidelity needs. Needs data.",
            options => new NarrowContract(NarrowFloat.Of(options.Format), options.Io),
            (options, change) => new MixedPrecisionPass(options, change),
            WeightUse.StoresOtherwise
        ),
    ];

    /// <summary>Returns the definition of the step called <paramref name="name"/>, or null.</summary>
    public static StepDefinition? Find(string name) => Steps.FirstOrDefault(step => step.Name == name);

    /// <summary>Returns the step whose options have the type of the given ones.</summary>
    /// <param name="options">An instance of the options record of one of the steps.</param>
    internal static RecipeStep Step(object options) => new(Steps.Single(step => step.OptionsType == options.GetType()), options);

    /// <summary>Returns the steps with the given options, in their order.</summary>
    /// <param name="options">Instances of the options records of steps.</param>
    internal static IReadOnlyList<RecipeStep> List(params object[] options) => [.. options.Select(Step)];
}
