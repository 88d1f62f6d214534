using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>
/// Tests <c>optimize</c> on the test models of ONNX, each of which has one operator or a few. A model has the same outputs in ONNX Runtime before and after
/// the step. It is tested as it is, with all inputs but the first as constants, with all values as outputs, inside a branch, with open sizes, and with sizes
/// that were open and are fixed by <c>fix-dimensions</c>.
/// </summary>
public sealed class OnnxOperatorTests(ITestOutputHelper output)
{
    // Debian's package libonnx-testdata installs the test models in this folder.
    private const string Folder = "/usr/share/libonnx-testdata/data";

    [Theory]
    [InlineData("node", 890)]
    [InlineData("simple", 15)]
    [InlineData("pytorch-converted", 55)]
    [InlineData("pytorch-operator", 20)]
    public void Optimized_models_answer_as_they_did(string group, int atLeast)
    {
        var folder = Path.Combine(Folder, group);
        Assert.SkipUnless(Directory.Exists(folder), $"There is no '{folder}': the package libonnx-testdata is not installed.");
        var (run, left) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<string, int>(StringComparer.Ordinal));
        var wrong = new List<string>();
        foreach (var test in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var (model, whyNot) = OnnxCase.Load(test);
            if (whyNot is not null)
            {
                left[whyNot] = left.GetValueOrDefault(whyNot) + 1;
                continue;
            }

            foreach (var (form, changed, recipe) in Forms(model!))
            {
                run[form] = run.GetValueOrDefault(form) + 1;
                if (Fault(model!, changed, recipe) is { } fault)
                    wrong.Add($"{Path.GetFileName(test)} {form}: {fault}");
            }
        }

        output.WriteLine(
            $"{group}: run {string.Join(", ", run.Select(form => $"{form.Value} {form.Key}"))}; "
                + $"left out {left.Values.Sum()}: {string.Join(", ", left.Select(reason => $"{reason.Value} {reason.Key}"))}"
        );
        Assert.Empty(wrong);
        Assert.InRange(run["as they are"], atLeast, int.MaxValue);
    }

    private static IEnumerable<(string Form, OnnxModel Model, string Recipe)> Forms(OnnxCase model)
    {
        yield return ("as they are", model.Model, "optimize");
        yield return ("with constant inputs", model.WithConstants(), "optimize");
        if (model.WithAllOutputs() is { } all)
            yield return ("with all values as outputs", all, "optimize");
        if (model.InBranch() is { } branch)
            yield return ("inside a branch", branch, "optimize");
        if (model.WithOpenSizes(out var fixing) is not { } open)
            yield break;
        yield return ("with open sizes", open, "optimize");
        yield return ("with sizes fixed", open, fixing);
    }

    private static string? Fault(OnnxCase model, OnnxModel changed, string recipe)
    {
        try
        {
            return model.Fault(Steps.Run(changed, recipe), changed);
        }
        catch (OnnxRuntimeException exception)
        {
            return exception.Message;
        }
    }
}
