using System.Runtime.ExceptionServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// Hands what one thread fills to work on another, so that the next is filled meanwhile: rows are read on one core while the last
/// ones are multiplied on the other. The work is done on one item after the other, in the order in which they came; with one thread
/// the caller does it at once. Nothing needs to be disposed of: where no items come, no thread waits for them.
/// </summary>
/// <typeparam name="T">What is filled; emptied ones are handed out again.</typeparam>
internal sealed class Conveyor<T>
    where T : class
{
    // One being worked on, one ready and, with whoever fills them, one being filled: more would only take memory.
    private const int Ahead = 2;

    private readonly object _gate = new();
    private readonly Queue<T> _full = new();
    private readonly Stack<T> _empty = new();
    private readonly Func<T> _make;
    private readonly Action<T> _work;
    private readonly Workers _workers;
    private bool _working;
    private bool _asked;
    private Exception? _failure;

    /// <param name="make">Makes an empty item.</param>
    /// <param name="work">Works on a full one and empties it.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public Conveyor(Func<T> make, Action<T> work, Workers workers)
    {
        _make = make;
        _work = work;
        _workers = workers;
    }

    /// <summary>An empty item: one that the work is done with, or a new one.</summary>
    public T Take()
    {
        lock (_gate)
        {
            return _empty.TryPop(out var item) ? item : _make();
        }
    }

    /// <summary>Hands on a full one. Waits where the work is behind; throws what the work of earlier ones threw.</summary>
    public void Put(T item)
    {
        if (_workers.Threads == 1)
        {
            _workers.Cancellation.ThrowIfCancellationRequested();
            _work(item);
            _empty.Push(item);
            return;
        }

        lock (_gate)
        {
            while (_working && _full.Count >= Ahead && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            ThrowFailure();
            _full.Enqueue(item);
            if (!_working && !_asked)
            {
                _asked = true;
                _ = Task.Run(Answer);
            }

            if (_working || _full.Count <= Ahead)
            {
                return;
            }
        }

        // The pool has no thread for it (it may be full of callers like this one): the caller does it.
        Empty();
    }

    /// <summary>Returns when all work is done; throws what it threw.</summary>
    public void Finish()
    {
        Empty();
        lock (_gate)
        {
            while (_working)
            {
                Monitor.Wait(_gate);
            }

            ThrowFailure();
        }
    }

    private void Answer()
    {
        lock (_gate)
        {
            _asked = false;
        }

        Empty();
    }

    /// <summary>Works until nothing is there, unless another thread does so already.</summary>
    private void Empty()
    {
        lock (_gate)
        {
            if (_working)
            {
                return;
            }

            _working = true;
        }

        while (true)
        {
            T? item;
            lock (_gate)
            {
                if (_failure is not null || !_full.TryDequeue(out item))
                {
                    _working = false;
                    Monitor.PulseAll(_gate);
                    return;
                }

                Monitor.PulseAll(_gate);
            }

            try
            {
                _workers.Cancellation.ThrowIfCancellationRequested();
                _work(item);
            }
#pragma warning disable CA1031 // Thrown to whoever puts the next one, or waits for the end.
            catch (Exception e)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    _failure = e;
                }

                continue;
            }

            lock (_gate)
            {
                _empty.Push(item);
            }
        }
    }

    private void ThrowFailure()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
