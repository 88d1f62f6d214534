using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Pages;

/// <summary>Tests the verdict in words.</summary>
public sealed class ReportVerdictTests
{
    [Fact]
    public void Held_out_real_inputs_make_it_good() =>
        Is(SampleReceipts.Full(), VerdictLevel.Good, "Good", "36.5 dB on 128 held-out real inputs, accuracy 98 % → 97.8 %.");

    [Fact]
    public void An_equal_accuracy_is_unchanged() =>
        Is(
            With(output => output with { Accuracy = new Accuracy(0.98, 0.98) }),
            VerdictLevel.Good,
            "Good",
            "36.5 dB on 128 held-out real inputs, accuracy unchanged."
        );

    [Fact]
    public void A_loss_of_a_point_is_named() =>
        Assert.Equal("Good, with a loss", ReportVerdict.Of(With(output => output with { Accuracy = new Accuracy(0.98, 0.96) })).Word);

    [Fact]
    public void Synthetic_inputs_prove_less() =>
        Is(
            SampleReceipts.Synthetic(),
            VerdictLevel.Caution,
            "Probably good",
            "36.5 dB on 4 synthetic inputs, accuracy 98 % → 97.8 %. Real inputs may differ: give CalibrationData."
        );

    [Fact]
    public void Inputs_that_exercise_nothing_are_no_test()
    {
        var receipt = With(output => output with { SqnrDb = null, Measured = false, WhyNot = NotMeasured.Empty, Budget = null, Accuracy = null }) with
        {
            Verification = new VerificationFacts(InputKind.Synthetic, 4, 1),
        };

        Is(
            receipt,
            VerdictLevel.Untested,
            "Not tested",
            "synthetic inputs do not exercise this model; give CalibrationData with inputs for which the output has elements."
        );
    }

    [Fact]
    public void Samples_that_steps_were_fitted_to_are_no_proof()
    {
        var receipt = SampleReceipts.Full() with
        {
            Verification = new VerificationFacts(InputKind.Calibration, 8, null)
            {
                Fitted = 8,
                Judged = 8,
                Samples = 8,
            },
        };

        Assert.Equal(VerdictLevel.Caution, ReportVerdict.Of(receipt).Level);
        Assert.Contains("fitted to the same samples", ReportVerdict.Of(receipt).Reason, StringComparison.Ordinal);
        Assert.Equal("The steps were fitted to the same 8 samples: fewer than 16 are not divided.", ReportVerdict.Division(receipt.Verification));
    }

    [Fact]
    public void An_output_beyond_its_budget_is_not_right() =>
        Assert.Equal(VerdictLevel.Bad, ReportVerdict.Of(With(output => output with { Passed = false })).Level);

    [Fact]
    public void Without_a_comparison_there_is_no_test() =>
        Assert.Equal(
            VerdictLevel.Untested,
            ReportVerdict.Of(SampleReceipts.Full() with { Verification = new VerificationFacts(InputKind.None, 0, null) }).Level
        );

    [Fact]
    public void A_kept_original_is_unchanged() =>
        Is(SampleReceipts.Original(), VerdictLevel.Unchanged, "Unchanged", "the original is deployed: output 'y': 3 dB.");

    private static void Is(Receipt receipt, VerdictLevel level, string word, string reason) =>
        Assert.Equal(new ReportVerdict(level, word, reason), ReportVerdict.Of(receipt));

    private static Receipt With(Func<FidelityFacts, FidelityFacts> change)
    {
        var receipt = SampleReceipts.Full();
        return receipt with { Fidelity = [.. receipt.Fidelity.Select(change)] };
    }
}
