using ModelBuild.Runtime.Detections;

namespace ModelBuild.Runtime.Tests.Detections;

/// <summary>Boxes that overlap a better one are removed, as torchvision does it.</summary>
public sealed class NonMaxSuppressionTests
{
    [Fact]
    public void The_better_box_of_two_that_overlap_stays()
    {
        List<Candidate> boxes = [Box(0.5f, 0, 0, 10, 10), Box(0.9f, 0, 1, 10, 11), Box(0.7f, 20, 20, 30, 30)];

        // 9 of 11 rows are shared: the overlap is 9/11.
        Assert.Equal([0.9f, 0.7f], Scores(NonMaxSuppression.Run(boxes, 0.8f, false, 10)));
        Assert.Equal([0.9f, 0.7f, 0.5f], Scores(NonMaxSuppression.Run(boxes, 0.82f, false, 10)));
        Assert.Equal([0.9f, 0.7f, 0.5f], Scores(NonMaxSuppression.Run(boxes, null, false, 10)));
        Assert.Equal([0.9f], Scores(NonMaxSuppression.Run(boxes, null, false, 1)));
    }

    [Fact]
    public void Classes_do_not_remove_each_other_unless_the_description_says_so()
    {
        List<Candidate> boxes = [Box(0.5f, 0, 0, 10, 10), Box(0.9f, 0, 0, 10, 10) with { Class = 1 }];

        Assert.Equal(2, NonMaxSuppression.Run(boxes, 0.5f, false, 10).Count);
        Assert.Equal([0.9f], Scores(NonMaxSuppression.Run(boxes, 0.5f, true, 10)));
    }

    [Fact]
    public void An_overlap_equal_to_the_limit_stays_and_a_removed_box_removes_nothing()
    {
        // The overlap of neighbours is 1/3, and that of the first and the last box is 0.
        List<Candidate> boxes = [Box(0.9f, 0, 0, 10, 10), Box(0.8f, 5, 0, 15, 10), Box(0.7f, 10, 0, 20, 10)];

        Assert.Equal(3, NonMaxSuppression.Run(boxes, 50f / 150f, false, 10).Count);
        Assert.Equal([0.9f, 0.7f], Scores(NonMaxSuppression.Run(boxes, 0.3f, false, 10)));
    }

    [Fact]
    public void Boxes_with_equal_scores_keep_their_order()
    {
        List<Candidate> boxes = [.. Enumerable.Range(0, 50).Select(i => Box(0.5f, i * 20, 0, (i * 20) + 10, 10) with { Place = i })];

        Assert.Equal(Enumerable.Range(0, 50), NonMaxSuppression.Run(boxes, 0.5f, false, 100).Select(candidate => candidate.Place));
    }

    private static Candidate Box(float score, float left, float top, float right, float bottom) => new(score, 0, new ImageBox(left, top, right, bottom), 0);

    private static IEnumerable<float> Scores(IEnumerable<Candidate> candidates) => candidates.Select(candidate => candidate.Score);
}
