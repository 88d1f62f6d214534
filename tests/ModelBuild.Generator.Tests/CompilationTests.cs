using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>Generated code compiles where every warning is an error, as C# 8 and as the newest.</summary>
public sealed class CompilationTests
{
    private static readonly string[] AllTypes =
    [
        "float32",
        "float64",
        "float16",
        "bfloat16",
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "bool",
        "string",
    ];

    public static TheoryData<string> Cases => [.. Signatures.Keys];

    private static Dictionary<string, SignatureText> Signatures { get; } =
        new()
        {
            ["a digit classifier"] = new() { Labels = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "ni\"ne"] },
            ["public"] = new() { Access = "public", Description = "Finds <digits> & more.\nSecond line" },
            ["no namespace"] = new() { Namespace = "", Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")] },
            ["class named like its namespace"] = new() { Namespace = "Shop.DigitsModel" },
            ["namespaces named like ours"] = new() { Namespace = "App.System.ModelBuild.Microsoft", Access = "public" },
            ["keyword namespace"] = new() { Namespace = "App.class", ClassName = "Model" },
            ["keywords"] = new() { Inputs = ["class: float32[n]", "in: float32[n]", "_call: int64[n]"], Outputs = ["out: float32[n]", "params: int32[n]"] },
            ["odd names"] = new()
            {
                Inputs = ["input:0: float32[n]", "a/b/c: float32[n]", "1x: int64[n]", "🙂: float32[n]", ": float32[n]", "a\"\\\n<b>: float32[n]"],
            },
            ["clashes"] = new()
            {
                Inputs = ["a.b: float32[n]", "a_b: float32[n]", "AB: float32[n]"],
                Outputs =
                [
                    "a-b: float32[n]",
                    "Dispose: float32[n]",
                    "Equals: float32[n]",
                    "GetType: float32[n]",
                    "Result: float32[n]",
                    "Run: float32[n]",
                    "Session: float32[n]",
                ],
            },
            ["parameters that clash"] = new()
            {
                Inputs = ["cancellation_token: float32[n]", "options: float32[n]", "inputs: float32[n]", "call: float32[n]"],
                Outputs = ["result: float32[n]"],
            },
            ["every type"] = new()
            {
                Access = "public",
                Inputs = [.. AllTypes.Take(8).Select(type => $"{type}: {type}[n]")],
                Outputs = [.. AllTypes.Select(type => $"{type}: {type}[n]")],
            },
            ["every type in a struct"] = new()
            {
                Inputs = [.. AllTypes.Select(type => $"{type}: {type}[n]")],
                Outputs = [.. AllTypes.Select(type => $"{type}_out: {type}[n]")],
            },
            ["thirty inputs"] = new()
            {
                Access = "public",
                Inputs = [.. Enumerable.Range(0, 30).Select(i => $"x{i}: float32[batch, {i + 1}, w{i % 2}, h]")],
                Outputs = ["inputs: float32[batch]"],
            },
            ["scalars"] = new() { Inputs = ["audio: float32[batch, samples]", "rate: int64[]", "name: string[]"], Outputs = ["loss: float32[]"] },
            ["zero-sized"] = new() { Inputs = ["nothing: float32[0]", "batches: float32[n, 0]"], Outputs = ["empty: float32[0, 3]"] },
            ["unknown rank"] = new() { Inputs = ["any: float32[*]", "other: string[*]"], Outputs = ["result: float32[*]"] },
            ["unknown dimensions"] = new() { Inputs = ["image: float32[?, 3, ?, ?]", "mask: bool[?, ?]"], Outputs = ["boxes: float32[?, 4]"] },
            ["no inputs"] = new() { Inputs = [], Outputs = ["constant: float32[3]"] },
            ["sequence out"] = new() { Outputs = ["label: int64[n]", "probabilities: seq(map(int64,tensor(float)))"] },
            ["optional in"] = new() { Inputs = ["x: optional(tensor(float))"] },
            ["values in and out"] = new()
            {
                Access = "public",
                Inputs =
                [
                    "a: optional(tensor(float))",
                    "x: float32[n, m]",
                    "b: seq(tensor(string))",
                    "c: map(string,tensor(int64))",
                    "d: optional(seq(tensor(bfloat16)))",
                    "e: seq(map(int64,tensor(double)))",
                ],
                Outputs =
                [
                    "a_out: optional(tensor(float))",
                    "b_out: seq(tensor(string))",
                    "c_out: map(string,tensor(int64))",
                    "d_out: optional(seq(tensor(bfloat16)))",
                    "e_out: seq(map(int64,tensor(double)))",
                ],
            },
            ["values in a struct"] = new()
            {
                Inputs = [.. Enumerable.Range(0, 9).Select(i => $"x{i}: {(i % 2 == 0 ? "optional(tensor(bool))" : "seq(tensor(float16))")}")],
            },
            ["values in a stream"] = new()
            {
                Inputs = ["s: float32[3]", "x: optional(tensor(float))", "y: seq(tensor(float))"],
                Outputs = ["s_next: float32[3]"],
                States = ["s_next=s"],
            },
            ["values without a class of C#"] = new()
            {
                Outputs =
                [
                    "y: float32[n]",
                    "a: seq(seq(tensor(float)))",
                    "b: seq(tensor(float8e5m2))",
                    "c: sparse_tensor(float)",
                    "d: map(string,seq(tensor(float)))",
                    "e: optional(optional(tensor(float)))",
                ],
            },
            ["float8"] = new() { Inputs = ["x: float8e4m3fn[n]"], Outputs = ["y: float32[n]", "z: int4[n]"] },
            ["embedded"] = new() { Deploy = "embed", ClassName = "_8bitModel" },
            ["not deployed"] = new() { Deploy = "none", Providers = [] },
            ["a stream"] = new()
            {
                Access = "public",
                Inputs = ["x: float32[n, t]", "h: float32[1, n]"],
                Outputs = ["y: float32[n, t]", "hn: float32[1, n]"],
                States = ["hn=h"],
            },
            ["a stream that is asked in each call"] = new()
            {
                Inputs = ["x: float32[?, ?]", "h: float32[?, 4]", "any: int64[*]"],
                Outputs = ["y: float32[?]", "hn: float32[?, ?]"],
                States = ["hn=h"],
            },
            ["a stream of states alone"] = new()
            {
                Inputs = ["h: float32[n]"],
                Outputs = ["hn: float32[n]"],
                States = ["hn=h"],
            },
            ["a stream of many inputs"] = new()
            {
                Inputs = [.. Enumerable.Range(0, 12).Select(i => $"x{i}: float32[n, w{i % 2}]")],
                Outputs = ["y: float32[n]", "s: float32[?, ?]"],
                States = ["s=x11"],
            },
            ["a stream of many states"] = new()
            {
                Inputs = ["x: float32[t]", .. Enumerable.Range(0, 12).Select(i => $"s{i}: float32[stream, {i}]")],
                Outputs = [.. Enumerable.Range(0, 12).Select(i => $"n{i}: float32[stream, {i}]")],
                States = [.. Enumerable.Range(0, 12).Select(i => $"n{i}=s{i}")],
            },
            ["states that are not there"] = new() { States = ["nothing=image", "logits=nothing"] },
            ["labels of probabilities"] = new()
            {
                Labels = ["a", "b"],
                Outputs = ["y: float16[n, 2]"],
                Scores = "probabilities",
            },
            ["labels of logarithms"] = new()
            {
                Labels = ["a", "b"],
                Outputs = ["y: float64[n, 2]"],
                Scores = "log-probabilities",
            },
            ["labels of bytes"] = new() { Labels = ["a", "b"], Outputs = ["top: uint8[n, 2]"] },
            ["chosen names"] = new()
            {
                Access = "public",
                Inputs = ["class: float32[n, ?, m.1]", "b: float32[*]", "c: int64[]"],
                Outputs = ["out: float32[n]", "b: float32[n]"],
                Names = ["class=class", "?=event", "m.1=Width", "b=Event2", "out=Data"],
            },
            ["chosen names in a struct"] = new()
            {
                Inputs = [.. Enumerable.Range(0, 9).Select(i => $"x{i}: float32[n, m.1]")],
                Names = ["x1=X2", "x8=In", "m.1=x0"],
            },
            ["chosen names in a stream"] = new()
            {
                Inputs = ["x: float32[n, t]", "h: float32[1, n]"],
                Outputs = ["y: float32[n, t]", "hn: float32[1, n]"],
                States = ["hn=h"],
                Names = ["h=Memory", "hn=Memory", "n=streams", "t=samples", "x=Y"],
            },
            ["chosen names that are reserved"] = new() { Names = ["image=Run", "logits=Session", "batch=Load"] },
            ["stages"] = new() { Stages = ["m.1.onnx", "m.2.onnx"] },
            ["stages of a stream"] = new()
            {
                Stages = ["m.1.onnx", "m.2.onnx"],
                Inputs = ["x: float32[n, t]", "h: float32[1, n]"],
                Outputs = ["y: float32[n, t]", "hn: float32[1, n]"],
                States = ["hn=h"],
            },
            ["labels without scores"] = new() { Labels = ["a", "b"] },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void As_csharp_8(string name) => GeneratorRun.Of(Signatures[name]).MustCompile();

    [Theory]
    [MemberData(nameof(Cases))]
    public void As_the_newest_csharp(string name) => GeneratorRun.Of("", LanguageVersion.Latest, null, Signatures[name]).MustCompile();

    [Theory]
    [InlineData("internal", "internal")]
    [InlineData("internal", "public")]
    [InlineData("public", "public")]
    public void A_class_of_the_same_name_in_a_reference_changes_nothing(string access, string others)
    {
        var other = GeneratorRun.Of(
            "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App\")]",
            LanguageVersion.CSharp8,
            null,
            Everything(others)
        );
        using var assembly = new MemoryStream();
        Assert.True(other.MustCompile().Compilation.WithAssemblyName("Other").Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Success);
        var reference = MetadataReference.CreateFromImage(assembly.ToArray());

        foreach (var version in new[] { LanguageVersion.CSharp8, LanguageVersion.Latest })
            GeneratorRun
                .Of(
                    "",
                    version,
                    [GeneratorRun.Runtime, GeneratorRun.OnnxRuntime, reference],
                    Everything(access),
                    Everything(access) with
                    {
                        ClassName = "SecondModel",
                    }
                )
                .MustCompile();
    }

    // Returns the signature of a class that has every member that a class can have.
    private static SignatureText Everything(string access) =>
        new()
        {
            Access = access,
            Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
            Inputs = [.. Enumerable.Range(0, 9).Select(i => $"x{i}: float32[batch, m]"), "state: float32[batch, 4]"],
            Outputs = ["logits: float32[batch, 10]", "stateN: float32[batch, 4]"],
            States = ["stateN=state"],
        };
}
