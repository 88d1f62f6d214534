using System.Collections.Frozen;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Detects that ONNX Runtime's own graph optimizations change the outputs of a model. The original without these optimizations is then the reference,
/// so that a correct result is not refused.
/// </summary>
/// <param name="skeleton">The graph of the original, without its weights.</param>
/// <param name="path">The file of the original.</param>
/// <param name="record">Runs the original without the optimizations.</param>
/// <param name="judge">Applies the budget to results.</param>
/// <param name="agreement">Compares the outputs of the original with and without the optimizations.</param>
/// <param name="warn">Receives warnings for the receipt.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class WrittenReference(
    OnnxModel skeleton,
    string path,
    Func<ReferenceRun?> record,
    OutputVerifier judge,
    OutputVerifier agreement,
    Action<Warning> warn,
    CancellationToken cancellationToken
)
{
    /// <summary>
    /// The smallest SQNR in dB at which the runs with and without optimizations count as equal. Reordered additions alone give a far larger SQNR.
    /// </summary>
    public const double Agreement = 30;

    private const string Remedy = "A session with GraphOptimizationLevel.ORT_DISABLE_ALL computes the model without them.";

    private static readonly FrozenSet<string> Random = FrozenSet.Create(
        StringComparer.Ordinal,
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Multinomial",
        "Bernoulli"
    );

    // Whether the runs with and without optimizations should agree. The runs differ by design for integer kernels, which may round differently, for 16-bit
    // floats, which optimizations may compute in 32 bits, and for random numbers.
    private readonly Lazy<bool> _isComparable = new(() =>
        !IntegerOperators.IsQuantized(skeleton)
        && !skeleton.Tensors().Any(tensor => IsNarrow(tensor.DataType))
        && !skeleton.Proto.Graph.Input.Any(input => IsNarrow(input.Type?.TensorType?.ElemType ?? 0))
        && !new Graph(skeleton)
            .SelfAndSubgraphs()
            .Any(scope => scope.Nodes.Any(node => Random.Contains(node.OpType) || (node.Is("Cast") && IsNarrow((int)node.GetInt("to")))))
    );

    /// <summary>
    /// Returns the run of the original without the optimizations if these change its outputs beyond rounding; null if they do not, or if both runs cannot be
    /// compared.
    /// </summary>
    /// <param name="reference">The run of the original as applications run it.</param>
    /// <param name="calls">The largest number of calls to compare.</param>
    public ReferenceRun? InPlaceOf(ReferenceRun reference, int calls)
    {
        if (reference.IsAsWritten || !_isComparable.Value || Missed(reference, calls) is not { } missed || record() is not { } written)
            return null;
        warn(
            new Warning(
                Codes.RuntimeOptimizations,
                $"ONNX Runtime's own graph optimizations change the outputs of the original: output '{missed.Fidelity.Output}', {missed.Measured}. "
                    + $"Results are compared with the original without optimizations. {Remedy}"
            )
        );
        return written;
    }

    /// <summary>Compares the outputs of a result without the optimizations; null if they are not within the budget.</summary>
    /// <param name="reference">The run of the original.</param>
    /// <param name="result">The file of the result.</param>
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
            // ONNX Runtime loads the result only with its graph optimizations, so it cannot be compared without them.
            return null;
        }
    }

    /// <summary>Warns that the optimizations change the outputs of a result that is kept.</summary>
    /// <param name="recipe">The recipe of the result.</param>
    /// <param name="missed">The output that misses the budget with the optimizations.</param>
    public void WarnOfResult(string recipe, OutputVerdict missed) =>
        warn(
            new Warning(
                Codes.RuntimeOptimizations,
                $"ONNX Runtime's own graph optimizations also change the outputs of the result of '{recipe}': output '{missed.Fidelity.Output}', "
                    + $"{missed.Measured}. Without them, its outputs agree with the original's. {Remedy}"
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
