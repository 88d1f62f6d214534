using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Comparison;

/// <summary>Collects the answers of two models in an output with a row of scores for each sample.</summary>
/// <param name="part">The output, which has an axis of classes.</param>
/// <param name="labels">The names of the classes; empty if they are unknown.</param>
/// <param name="data">The origin of the samples.</param>
/// <param name="thumbnails">The images of the samples; null if they are no images.</param>
internal sealed class AnswerMeter(ComparedPart part, IReadOnlyList<string> labels, SampleOrigins data, Thumbnails? thumbnails)
{
    private const int MaxAnswers = 1000;
    private const int MaxPictures = 200;
    private const int ScoreDigits = 6;

    private readonly List<ChangedAnswer> _changed = [];
    private long _samples;
    private long _labelled;
    private long _rightBefore;
    private long _rightAfter;
    private long _onlyBefore;
    private long _onlyAfter;

    /// <summary>The name of the output whose answers are collected.</summary>
    public string Output => part.Output;

    /// <summary>Adds the values of one call. An output without a row for each sample is skipped.</summary>
    public void Add(Sample sample, OutputValues before, OutputValues after)
    {
        var axis = part.ClassAxis!.Value;
        if (axis >= before.Shape.Length || before.Shape[axis] < 2 || before.Numbers.Length != after.Numbers.Length)
            return;
        var classes = (int)before.Shape[axis];
        if (before.Numbers.Length != sample.Rows * classes)
            return;
        var truths = sample.Labels?.Length == sample.Rows ? sample.Labels : null;
        for (var row = 0; row < sample.Rows; row++)
        {
            var (first, second) = (Best(before, row, classes), Best(after, row, classes));
            if (truths is not null)
                Count(first.Class == truths[row], second.Class == truths[row]);
            if (first.Class != second.Class)
                _changed.Add(Describe(sample, row, truths?[row], first, second));
            _samples++;
        }
    }

    /// <summary>Returns the figures about the answers in all calls so far; null if no call had a row of scores for each sample.</summary>
    public AnswerFigures? Result() =>
        _samples == 0
            ? null
            : new AnswerFigures(
                part.Output,
                _samples,
                _changed.Count,
                _labelled == 0 ? null : ShareEstimate.Of(_rightBefore, _labelled),
                _labelled == 0 ? null : ShareEstimate.Of(_rightAfter, _labelled),
                _labelled == 0 ? null : PairedDifference.Of(_onlyBefore, _onlyAfter, _labelled),
                [
                    .. _changed
                        .OrderByDescending(answer => answer.IsLost)
                        .ThenByDescending(answer => answer.IsWon)
                        .ThenBy(answer => answer.Sample)
                        .Take(MaxAnswers),
                ]
            );

    private void Count(bool isFirstRight, bool isSecondRight)
    {
        _labelled++;
        _rightBefore += isFirstRight ? 1 : 0;
        _rightAfter += isSecondRight ? 1 : 0;
        _onlyBefore += isFirstRight && !isSecondRight ? 1 : 0;
        _onlyAfter += !isFirstRight && isSecondRight ? 1 : 0;
    }

    private ChangedAnswer Describe(Sample sample, int row, long? truth, Answer before, Answer after)
    {
        var (file, place) = data.Of(sample, row);
        return new ChangedAnswer(_samples, file, place, truth is { } known ? new Answer((int)known, Label((int)known), null) : null, before, after)
        {
            Picture = _changed.Count < MaxPictures ? thumbnails?.Png(sample, row) : null,
        };
    }

    private Answer Best(OutputValues values, int row, int classes)
    {
        var scores = values.Numbers.AsSpan(row * classes, classes);
        var top = Winner.Of(scores);
        return top < 0 ? new Answer(top, null, null) : new Answer(top, Label(top), Math.Round(scores[top], ScoreDigits));
    }

    private string? Label(int index) => index >= 0 && index < labels.Count ? labels[index] : null;
}
