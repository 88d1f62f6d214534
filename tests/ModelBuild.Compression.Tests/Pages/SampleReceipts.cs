using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>Creates receipts with given figures.</summary>
internal static class SampleReceipts
{
    private const string LongRecipe = "optimize int8(calibration=min-max, exclude='a long name of a layer'|'another one') gptq(damping=0.01)";

    /// <summary>A name that is markup and contains a long word.</summary>
    public const string Hostile = "<b onclick=\"alert(1)\">'&/a_word_that_is_far_too_long_for_a_narrow_page_because_it_has_no_place_to_break";

    /// <summary>Returns a receipt of an int8 result with all figures that a receipt can have.</summary>
    /// <param name="nodes">The number of nodes of the graph.</param>
    /// <param name="name">The name of a layer and of an output.</param>
    public static Receipt Full(int nodes = 12, string name = "/block1/conv") =>
        new()
        {
            ModelBuild = "0.1.0",
            Model = $"Models/{name}.onnx",
            Target = "cpu-x64",
            Use = new UseFacts("DigitsModel", "Calibration/*.npz"),
            Original = new FileFacts(400_000, 300_000, 390_000, 100_000, 5_000_000, 0, new string('a', 64)),
            Compressed = new FileFacts(110_000, 90_000, 120_000, 100_003, 5_000_000, 0, new string('b', 64)),
            InputShapes = new Dictionary<string, long[]> { [name] = [1, 3, 224, 224] },
            Recipe = new RecipeFacts("auto", ["optimize", "int8"]),
            Steps =
            [
                new StepFacts(
                    "int8",
                    new ModelCost(100_000, 5_000_000, 0, 400_000),
                    new ModelCost(100_003, 5_000_000, 0, 110_000),
                    new Dictionary<string, int> { ["layers quantized"] = 3 },
                    [new Skipped(name, "it is too small to save anything")],
                    [new NodeFacts("Conv", name, "QLinearConv", "")],
                    [
                        new TrialOutcome(LongRecipe, 38.2, Kept: true) { Bytes = 110_000 },
                        new TrialOutcome("int8(min-max)", -0.04, Kept: false) { Bytes = 108_000 },
                    ],
                    [new LayerRank(name, LayerPart.Layer, -0.04, Returned: false), new LayerRank("fc", LayerPart.Weights, 2.25, Returned: true)]
                ),
            ],
            Attempts =
            [
                new AttemptFacts(LongRecipe, AttemptOutcome.Refused, $"output '{name}': 12 dB")
                {
                    Bytes = 100_000,
                    SqnrDb = 12,
                    Variants = [new VariantFacts("2 layers in float", 105_000, 24.5)],
                },
                new AttemptFacts("optimize int8", AttemptOutcome.Kept, "within the budget, 28 % of the original's size") { Bytes = 110_000, SqnrDb = 36.5 },
            ],
            Verification = new VerificationFacts(InputKind.Calibration, 128, null)
            {
                Fitted = 384,
                Judged = 128,
                Samples = 512,
            },
            Fidelity = [new FidelityFacts(name, 36.5, 0.99, 0.01, new Accuracy(0.98, 0.978), "MaxAccuracyLoss 1%", true) { Kind = FidelityKind.Scores }],
            Inspection = new InspectionFacts(
                [
                    new LayerFacts("stem", "Conv", NodeForm.Integer, 20_000, 6_000, 1_000_000, 1_000_000) { SqnrDb = 45, InputDb = 200 },
                    new LayerFacts(name, "Conv", NodeForm.Integer, 180_000, 46_000, 3_000_000, 3_000_000) { SqnrDb = 28.5, InputDb = 45 },
                    new LayerFacts("fc", "Gemm", NodeForm.StoredInt8, 200_000, 50_000, 1_000_000, 1_000_000) { SqnrDb = 36.5, InputDb = 28.5 },
                ],
                2,
                new Dictionary<string, long> { ["integer"] = 4_000_000, ["storedInt8"] = 1_000_000 },
                8,
                [
                    new HistogramFacts(name, IsWeights: true, -0.5, 0.5, [0, 100, 800, 100], [0, 110, 790, 100]),
                    new HistogramFacts(name, IsWeights: false, -2, 6, [500, 300, 150, 50], [500, 300, 190, 10]) { CodeRange = [0, 4.5] },
                ],
                [
                    .. Enumerable
                        .Range(0, nodes)
                        .Select(i => new GraphNodeFacts(i % 7 == 3 ? 1 : 0, Form(i), i % 2 == 0 ? "Conv" : "Relu", Node(i, nodes, name))),
                ],
                0
            ),
            Warnings = [new Warning("MB1011", "be careful & look")],
        };

    /// <summary>Returns a receipt of a result that was verified on synthetic inputs only.</summary>
    public static Receipt Synthetic() => Full() with { Verification = new VerificationFacts(InputKind.Synthetic, 4, 1) };

    /// <summary>Returns a receipt of the original model, which is deployed because no recipe is good.</summary>
    public static Receipt Original() =>
        Full() with
        {
            Compressed = Full().Original,
            Recipe = new RecipeFacts("auto", []),
            Steps = [],
            Verification = null,
            Fidelity = [],
            Inspection = null,
            Use = null,
            Attempts = [new AttemptFacts("optimize int8", AttemptOutcome.Refused, "output 'y': 3 dB")],
        };

    private static NodeForm Form(int node) => node % 3 == 0 ? NodeForm.Float : NodeForm.Integer;

    private static string Node(int i, int nodes, string name) => i == 0 ? name : $"/layer{i * 20 / nodes}/part{i % 5}/node{i}";
}
