using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Training.Schedules;

/// <summary>
/// The learning rate of each step. The cosine is that of Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without
/// restarts, after a linear warm-up (Goyal et al., "Accurate, large minibatch SGD", 2017). The steps are those of He, Zhang, Ren and Sun, "Deep residual
/// learning for image recognition", 2016: ÷ 10 at one half and at three quarters.
/// </summary>
/// <param name="Kind">The form.</param>
/// <param name="Rate">The largest rate.</param>
internal sealed record Schedule(ScheduleKind Kind, double Rate)
{
    /// <summary>The share of the steps in which the rate of <see cref="ScheduleKind.Cosine"/> and <see cref="ScheduleKind.Linear"/> rises.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>The share of the rate that <see cref="ScheduleKind.Cosine"/> and <see cref="ScheduleKind.Linear"/> have at the last step.</summary>
    public double End { get; init; } = 0.01;

    /// <summary>Returns the learning rate of a step.</summary>
    /// <param name="step">The number of the step, from 0 on.</param>
    /// <param name="steps">The number of all steps.</param>
    public float At(long step, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, steps);
        return (float)(Rate * Share(step, steps));
    }

    private double Share(long step, long steps)
    {
        switch (Kind)
        {
            case ScheduleKind.Constant:
                return 1;
            case ScheduleKind.Step:
                return 4 * step >= 3 * steps ? 0.01
                    : 2 * step >= steps ? 0.1
                    : 1;
            default:
                var warm = (long)Math.Round(WarmUp * steps);
                // During the warm-up the learning rate grows linearly. It is above 0 in the first step, and has its largest value in the last step of the
                // warm-up.
                if (step < warm)
                    return (step + 1.0) / warm;
                // If only one step follows the warm-up, the learning rate is still the largest one in this step.
                var done = steps - warm > 1 ? (double)(step - warm) / (steps - warm - 1) : 0;
                return End + (1 - End) * (Kind == ScheduleKind.Linear ? 1 - done : (1 + Math.Cos(Math.PI * done)) / 2);
        }
    }
}
