using System.Collections.Frozen;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Notices where ONNX Runtime's own graph optimizations change what a model answers: then the original as it is written, without them, is the
/// reference, and a right result is kept.
/// </summary>
/// <param name="outline">The original's graph.</param>
/// <param name="path">Its file.</param>
/// <param name="record">Runs the original as it is written.</param>
/// <param name="judge">Holds the answers of results against the budget.</param>
/// <param name="agreement">Holds the original's answers with optimizations against those without.</param>
/// <param name="warn">Told what is off.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class WrittenReference(
    OnnxModel outline,
    string path,
    Func<ReferenceRun?> record,
    OutputVerifier judge,
    OutputVerifier agreement,
    Action<Warning> warn,
    CancellationToken cancellationToken
)
{
    /// <summary>The least agreement of both runs in dB. The rounding of reordered additions alone leaves far more.</summary>
    public const double Agreement = 30;

    private const string Cure = "A session with GraphOptimizationLevel.ORT_DISABLE_ALL computes the model without them.";

    private static readonly FrozenSet<string> Random = FrozenSet.Create(
        StringComparer.Ordinal,
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Multinomial",
        "Bernoulli"
    );

    // Integer kernels round other than what is written, 16-bit floats are computed in 32 bits by the optimizations, and random numbers differ anyway.
    private readonly Lazy<bool> _isComparable = new(() =>
        !IntegerOperators.IsQuantized(outline)
        && !outline.Tensors().Any(tensor => IsNarrow(tensor.DataType))
        && !outline.Proto.Graph.Input.Any(input => IsNarrow(input.Type?.TensorType?.ElemType ?? 0))
        && !new Graph(outline)
            .SelfAndSubgraphs()
            .Any(scope => scope.Nodes.Any(node => Random.Contains(node.OpType) || (node.Is("Cast") && IsNarrow((int)node.GetInt("to")))))
    );

    /// <summary>The original as it is written, where the optimizations change its answers beyond rounding; null where they do not, or where that
    /// cannot be told.</summary>
    /// <param name="reference">The original as applications run it.</param>
    /// <param name="calls">How many calls to look at.</param>
    public ReferenceRun? InPlaceOf(ReferenceRun reference, int calls)
    {
        if (reference.IsAsWritten || !_isComparable.Value || Missed(reference, calls) is not { } missed || record() is not { } written)
            return null;
        warn(
            new Warning(
                Codes.RuntimeOptimizations,
                $"ONNX Runtime's own graph optimizations change the outputs of the original: output '{missed.Fidelity.Output}', {missed.Measured}. "
                    + $"Results are compared with the original without optimizations. {Cure}"
            )
        );
        return written;
    }

    /// <summary>What a result answers without the optimizations, where that is within the budget; null where it is not.</summary>
    /// <param name="reference">The original.</param>
    /// <param name="result">The result's file.</param>
    /// <param name="isPrecise">Whether the result keeps every number at float16's precision or better.</param>
    public (FidelityReport Report, IReadOnlyList<OutputVerdict> Verdicts)? Answers(ReferenceRun reference, string result, bool isPrecise)
    {
        if (!_isComparable.Value)
            return null;
        try
        {
            var report = reference.CompareAsWritten(result, int.MaxValue, cancellationToken);
            var verdicts = judge.Verify(report, isPrecise);
            return verdicts.All(verdict => verdict.Passed) ? (report, verdicts) : null;
        }
        catch (OnnxRuntimeException)
        {
            // It loads with the optimizations only.
            return null;
        }
    }

    /// <summary>Says that the optimizations change a result that is kept.</summary>
    /// <param name="recipe">What it was made by.</param>
    /// <param name="missed">What it answers with them.</param>
    public void WarnOfResult(string recipe, OutputVerdict missed) =>
        warn(
            new Warning(
                Codes.RuntimeOptimizations,
                $"ONNX Runtime's own graph optimizations also change the outputs of the result of '{recipe}': output '{missed.Fidelity.Output}', "
                    + $"{missed.Measured}. Without them, its outputs agree with the original's. {Cure}"
            )
        );

    private static bool IsNarrow(int type) => type is (int)DataType.Float16 or (int)DataType.Bfloat16;

    private OutputVerdict? Missed(ReferenceRun reference, int calls)
    {
        try
        {
            return agreement.Verify(reference.CompareAsWritten(path, calls, cancellationToken), isPrecise: true).FirstOrDefault(verdict => !verdict.Passed);
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }
}
