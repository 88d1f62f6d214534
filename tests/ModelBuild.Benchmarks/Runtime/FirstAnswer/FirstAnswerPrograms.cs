namespace ModelBuild.Benchmarks.Runtime.FirstAnswer;

/// <summary>Two programs that classify one digit and end. One calls ONNX Runtime with usual code, and the other uses the generated class.</summary>
internal static class FirstAnswerPrograms
{
    public const string Plain = """
        using System;
        using System.IO;
        using System.Linq;
        using Microsoft.ML.OnnxRuntime;
        using Microsoft.ML.OnnxRuntime.Tensors;

        using var session = new InferenceSession(Path.Combine(AppContext.BaseDirectory, "models", "Tests", "DigitsModel.onnx"));
        var image = new DenseTensor<float>(new float[784], new[] { 1, 1, 28, 28 });
        using var results = session.Run(new[] { NamedOnnxValue.CreateFromTensor("image", image) });
        var logits = results.First().AsEnumerable<float>().ToArray();
        Console.WriteLine(Array.IndexOf(logits, logits.Max()));
        """;

    public const string Generated = """
        using System;
        using ModelBuild.Benchmarks.Runtime;

        using var digits = new DigitsModel();
        using var result = digits.Run(new float[784]);
        Console.WriteLine(result.Logits.ArgMax());
        """;

    /// <summary>Returns a project that references the parts of the package in this repository.</summary>
    /// <param name="runtime">The path of ModelBuild.Runtime.dll.</param>
    /// <param name="generator">The path of ModelBuild.Generator.dll.</param>
    /// <param name="signature">The path of the signature of the digit model.</param>
    public static string Project(string runtime, string generator, string signature) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.32.0" />
                <PackageReference Include="System.Numerics.Tensors" Version="10.0.15" />
                <Reference Include="{runtime}" />
                <Analyzer Include="{generator}" />
                <CompilerVisibleItemMetadata Include="AdditionalFiles" MetadataName="ModelBuildSignature" />
                <AdditionalFiles Include="{signature}" ModelBuildSignature="true" />
              </ItemGroup>
            </Project>
            """;
}
