using System.Globalization;
using System.Text;
using ModelBuild.Compression.Comparison;

namespace ModelBuild.Compression.Pages.Comparison;

/// <summary>Writes the part of the page about the accuracy of two models and the samples to which they give different answers.</summary>
internal static class HtmlAnswers
{
    private const int MaxShown = 60;

    /// <summary>Appends the part about accuracy and differing samples to an HTML page.</summary>
    public static void Append(StringBuilder page, AnswerFigures answers, string first, string name)
    {
        if (answers is { Before: { } before, After: { } after, Difference: { } difference })
            page.Append(
                CultureInfo.InvariantCulture,
                $"<table>\n<tr><th>accuracy of <code>{Html.Text(answers.Output)}</code></th><th class=\"n\">with 95 % interval</th></tr>\n"
                    + $"<tr><td>{Html.Text(first)}</td><td class=\"n\">{ComparisonWords.Accuracy(before)}</td></tr>\n"
                    + $"<tr><td>{Html.Text(name)}</td><td class=\"n\">{ComparisonWords.Accuracy(after)}</td></tr>\n"
                    + $"<tr><td>difference of the same samples</td><td class=\"n\">{ComparisonWords.Difference(difference)}</td></tr>\n</table>\n"
                    + $"<p class=\"sub\">Intervals: Wilson for each accuracy, Bonett and Price for the difference.</p>\n"
            );
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(ComparisonWords.Changed(answers))}</p>\n");
        if (answers.Answers.Count == 0)
            return;
        page.Append("<ul class=\"answers\">\n");
        foreach (var answer in answers.Answers.Take(MaxShown))
            Item(page, answer, first, name);
        page.Append("</ul>\n");
        if (answers.Changed > MaxShown)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{answers.Changed - MaxShown:N0} more have changed; --json lists up to 1,000.</p>\n");
    }

    private static void Item(StringBuilder page, ChangedAnswer answer, string first, string name)
    {
        page.Append("<li>");
        if (answer.Picture is { } picture)
            page.Append(CultureInfo.InvariantCulture, $"<img src=\"data:image/png;base64,{Convert.ToBase64String(picture)}\" alt=\"sample {answer.Sample}\">");
        Line(page, first, answer.Before, answer.IsLost);
        Line(page, name, answer.After, answer.IsWon);
        if (answer.Truth is { } truth)
            page.Append(CultureInfo.InvariantCulture, $"<span>label: {Html.Text(truth.Text)}</span>");
        page.Append(CultureInfo.InvariantCulture, $"<small>{Html.Text(ComparisonWords.Origin(answer))}</small></li>\n");
    }

    private static void Line(StringBuilder page, string name, Answer answer, bool isRight) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<span>{Html.Text(name)}: <b{(isRight ? " class=\"good\"" : "")}>{Html.Text(ComparisonWords.Answer(answer))}</b></span>"
        );
}
