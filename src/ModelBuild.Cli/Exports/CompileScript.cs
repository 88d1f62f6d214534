using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Exports;

/// <summary>Represents the script beside an exported model, which compiles the model.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Text">The script.</param>
internal sealed record CompileScript(string Name, string Text)
{
    private const string ShellName = "compile.sh";
    private const string PythonName = "compile.py";

    private const string Shell = """
        #!/bin/sh
        # Compiles MODEL for the GPU of this machine with trtexec of TensorRT 10. The script uses no network.
        # --stronglyTyped takes the types of the model: its int8, int4 and float16 values need no other flag.
        set -e
        # The script keeps the working directory, so that paths in its arguments may be relative.
        folder=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
        exec trtexec --onnx="$folder/MODEL" --saveEngine="$folder/model.engine" --stronglyTyped "$@"

        """;

    private const string OpenVino = """
        #!/usr/bin/env python3
        # Writes MODEL as model.xml and model.bin, and compiles it for a device (CPU, GPU or NPU; CPU if none is given).
        # For the package openvino, 2024.6 or later. The script uses no network.
        import pathlib
        import sys

        import openvino

        folder = pathlib.Path(__file__).resolve().parent
        device = sys.argv[1] if len(sys.argv) > 1 else "CPU"
        model = openvino.convert_model(folder / "MODEL")
        # The types of the model stay as they are.
        openvino.save_model(model, folder / "model.xml", compress_to_fp16=False)
        openvino.compile_model(model, device)
        print(f"compiled for {device}: {folder / 'model.xml'}")

        """;

    private const string Tvm = """
        #!/usr/bin/env python3
        # Compiles MODEL to model.so for a target of Apache TVM (llvm if none is given).
        # For the packages apache-tvm 0.27 (Relax) and onnx. The script uses no network.
        import pathlib
        import sys

        import onnx
        import tvm
        from tvm.relax.frontend.onnx import from_onnx

        folder = pathlib.Path(__file__).resolve().parent
        target = sys.argv[1] if len(sys.argv) > 1 else "llvm"
        module = from_onnx(onnx.load(folder / "MODEL"))
        executable = tvm.compile(module, target=tvm.target.Target(target))
        executable.export_library(str(folder / "model.so"))
        print(f"compiled for {target}: {folder / 'model.so'}")

        """;

    /// <summary>Gets the names of the scripts for all compilers.</summary>
    public static IReadOnlyList<string> Names { get; } = [ShellName, PythonName];

    /// <summary>Returns the script that compiles a model with a compiler.</summary>
    /// <param name="compiler">The compiler.</param>
    /// <param name="model">The name of the model's file, in the folder of the script.</param>
    public static CompileScript Of(Compiler compiler, string model)
    {
        var (name, text) = compiler.Name switch
        {
            "tensorrt" => (ShellName, Shell),
            "openvino" => (PythonName, OpenVino),
            "tvm" => (PythonName, Tvm),
            _ => throw new CompressionException(Codes.UnknownOption, $"There is no script for '{compiler.Name}'."),
        };
        return new CompileScript(name, text.ReplaceLineEndings("\n").Replace("MODEL", model, StringComparison.Ordinal));
    }
}
