using System.CommandLine;

namespace ModelBuild.Cli.Commands;

/// <summary>Creates the options that several commands have in common.</summary>
internal static class SharedOptions
{
    public static Option<DirectoryInfo?> OnnxRuntime { get; } =
        new("--onnxruntime")
        {
            Description =
                "Folder of the ONNX Runtime to use: a Microsoft.ML.OnnxRuntime package, or a folder with both its libraries. "
                + "Default: the one in the tool's package.",
            HelpName = "FOLDER",
            Recursive = true,
        };

    public static Option<bool> Json() => new("--json") { Description = "Print only one JSON document on standard output." };

    public static Option<string[]> Data(string name) =>
        new(name)
        {
            Description =
                "Real inputs: .npz, .npy, ONNX test_data_set_*/input_*.pb, pictures, .wav, or texts (.txt, .jsonl, .csv). Folders and globs are allowed, "
                + "and the option may be repeated.",
            HelpName = "GLOB",
        };

    public static Option<string> MaxAccuracyLoss() =>
        new("--max-accuracy-loss")
        {
            Description = "The largest loss of top-1 accuracy, or share of changed decisions, of class scores on real inputs. Default: 1%.",
            HelpName = "SHARE",
        };

    public static Option<string> MinSqnr() =>
        new("--min-sqnr")
        {
            Description =
                "The lowest signal-to-quantization-noise ratio of all other outputs, in dB. Default: 30, but a cosine for vectors and a peak ratio for images.",
            HelpName = "DB",
        };

    public static Option<string> Fidelity() =>
        new("--fidelity")
        {
            Description = "The kinds of outputs that the rules do not find: last_hidden_state:embedding; boxes:boxes.",
            HelpName = "OUTPUT:KIND",
        };

    public static Option<string?> RemoteCache(string name, string description) => new(name) { Description = description, HelpName = "URL" };

    public static Argument<string> Model(string name, string description) => new(name) { Description = description };
}
